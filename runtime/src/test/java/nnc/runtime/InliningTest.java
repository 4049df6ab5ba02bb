package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vector method that HotSpot does not inline is about a hundred times slower. */
class InliningTest {
  /** HotSpot's FreqInlineSize: the bytes of bytecode up to which it inlines a method that runs often. */
  private static final int LARGEST_INLINED = 325;

  @Test
  void methodsThatTakeOrReturnVectorsAreSmallEnough() throws IOException {
    for (MethodModel method : methods(VectorRows.class)) {
      if (handlesVectors(method)) {
        assertThat(size(method)).as(method.methodName().stringValue()).isLessThan(LARGEST_INLINED);
      }
    }
  }

  /** They are called from anywhere, so also where HotSpot inlines nothing more. */
  @Test
  void noVectorCrossesACallInTheFunctions() throws IOException {
    assertThat(methods(VectorMath.class)).isNotEmpty().noneMatch(InliningTest::handlesVectors);
  }

  private static boolean handlesVectors(MethodModel method) {
    return method.methodType().stringValue().contains("jdk/incubator/vector");
  }

  /** Inside a kernel they would use up what HotSpot grants a method for inlining. */
  @ParameterizedTest
  @ValueSource(strings = {"sum", "dot", "largest"})
  void reductionsAreTooLongToBeInlined(String reduction) throws IOException {
    assertThat(methods(VectorRows.class))
        .filteredOn(method -> method.methodName().equalsString(reduction))
        .hasSize(1)
        .allMatch(method -> size(method) > LARGEST_INLINED);
  }

  private static List<MethodModel> methods(Class<?> type) throws IOException {
    try (var stream = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return ClassFile.of().parse(stream.readAllBytes()).methods();
    }
  }

  private static int size(MethodModel method) {
    return method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
  }

  /**
   * Without speculation every loop is compiled for all classes of vectors that HotSpot has seen anywhere; else only the few are
   * that it compiles before it has watched them. There must be one class.
   */
  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseTypeSpeculation", "-XX:-UseTypeSpeculation"})
  void compiledLoopsBoxNoVector(String speculation) throws IOException, InterruptedException {
    // compiled before it goes on, so that what is measured is compiled code
    assertThat(OtherJvm.run(VectorLoops.class, "-Xbatch", speculation))
        .hasSize(VectorLoops.all().size())
        .allMatch(line -> line.endsWith(": 0"));
  }
}
