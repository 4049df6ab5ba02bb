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

  @ParameterizedTest
  @ValueSource(classes = {VectorMath.class, VectorRows.class})
  void methodsThatTakeOrReturnVectorsAreSmallEnough(Class<?> type) throws IOException {
    for (MethodModel method : methods(type)) {
      if (method.methodType().stringValue().contains("jdk/incubator/vector")) {
        assertThat(size(method)).as(method.methodName().stringValue()).isLessThan(LARGEST_INLINED);
      }
    }
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

  @Test
  void compiledLoopsBoxNoVector() throws IOException, InterruptedException {
    // compiled before it goes on, so that what is measured is compiled code
    assertThat(OtherJvm.run(VectorLoops.class, "-Xbatch"))
        .hasSize(VectorLoops.all().size())
        .allMatch(line -> line.endsWith(": 0"));
  }
}
