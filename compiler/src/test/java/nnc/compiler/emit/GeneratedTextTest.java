package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text and the bytecode that come out. */
class GeneratedTextTest {
  /** HotSpot compiles no method above this. */
  private static final int LARGEST_METHOD = 8_000;

  static Stream<String> models() {
    return GeneratedModels.names();
  }

  @ParameterizedTest
  @MethodSource("models")
  void theSameModelGivesTheSameBytes(String name) {
    assertThat(GeneratedModels.compileAgain(name).java())
        .isEqualTo(GeneratedModels.compilation(name).java());
  }

  @ParameterizedTest
  @MethodSource("models")
  void noMethodIsTooLargeForHotSpot(String name) {
    Map<String, Integer> sizes = new TreeMap<>();
    GeneratedModels.classes()
        .bytes()
        .forEach((type, bytes) -> {
          if (type.startsWith(GeneratedModels.compilation(name).packageName() + ".")) {
            for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
              int size = method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
              sizes.merge(type + "." + method.methodName(), size, Math::max);
            }
          }
        });
    assertThat(sizes)
        .isNotEmpty()
        .allSatisfy((_, size) -> assertThat(size).isLessThan(LARGEST_METHOD));
  }

  /** Whoever writes a model does not write the Java that runs it. */
  @Test
  void whatStandsInCommentsAndFileNamesStaysThere() {
    String doc =
        "Ends */ here, or \\u002a/ here, <b>&amp; @see \\\\u002a/ {@code } static { System.exit(1); }";
    String text =
        "/// "
            + doc
            + "\nmodel M {\n  /// "
            + doc
            + "\n  input x: f32[2]\n  /// "
            + doc
            + "\n  y = x + 1\n  output y\n}\n";
    Source source = new Source("a\\u000aint y;*/ .nn", text);
    Compilation compilation =
        Compiler.compile(Project.of(source, Optional.empty()), Compiler.Options.DEFAULT);
    assertThat(compilation.load().signature().model()).isEqualTo("M");
  }

  @Test
  void aModelIsAFewClassesNamedAfterIt() {
    List<String> names =
        GeneratedModels.compilation("losses.cross_entropy").java().stream()
            .map(JavaSource::name)
            .toList();
    assertThat(names)
        .contains(
            "Classifier",
            "ClassifierMemory",
            "ClassifierForward",
            "ClassifierGradient",
            "ClassifierUpdate");
    assertThat(names).first().isEqualTo("Classifier");
  }

  @Test
  void aMetricIsOfWhateverWasCalledLast() {
    String text =
        """
        model M {
          dim B = 4
          input x: f32[B]
          param w: [1] ~ ones
          loss = mean((w * x)^2)
          metric size = mean(w * x)
        }
        train M { optimizer SGD(lr = 0.5) }
        """;
    Compilation compilation =
        Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
    assertThat(compilation.java().getFirst().text())
        .contains("The metric size of the batch, by the last of evaluate, gradient or step.");
    CompiledModel model = compilation.load();
    model.initialise(1);
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      session.feed("x", 1, 3);
      session.evaluate();
      assertThat(session.metric("size")).isEqualTo(2);
      session.feed("x", 1, 2);
      session.gradient();
      assertThat(session.metric("size")).isEqualTo(1.5f);
      session.feed("x", 1, 0);
      session.step();
      assertThat(session.metric("size")).isEqualTo(0.5f);
    }
  }
}
