package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.explain.Derivation;
import nnc.compiler.explain.DerivationPrinter;
import nnc.compiler.explain.Line;
import nnc.compiler.plan.Planner;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of every model that is shipped, or measured, can be derived. */
final class DerivationsTest {
  /** Of a terminal that is not small. */
  private static final int WIDTH = 120;

  private static final Duration LONGEST = Duration.ofSeconds(30);

  static List<Path> models() throws IOException {
    try (Stream<Path> shipped = Files.list(Path.of("."));
        Stream<Path> measured = Files.list(Path.of("../tools/benchmarks/workloads"))) {
      return Stream.concat(
              shipped.filter(file -> file.toString().endsWith(".nn")),
              measured.filter(file -> file.getFileName().toString().matches("w\\d+\\.nn")))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyParameterHasAResultAndEveryLineAPlaceAndASignOfItsOwn(Path file) {
    Compilation compilation =
        Compiler.compile(Project.read(file, Optional.empty()), Compiler.Options.DEFAULT);
    List<String> roots =
        compilation.gradient().roots().keySet().stream()
            .filter(root -> root.startsWith(Planner.GRADIENT))
            .toList();
    Derivation derivation =
        Assertions.assertTimeout(LONGEST, () -> Derivation.of(compilation.gradient(), roots));
    assertThat(derivation.results()).containsOnlyKeys(roots);
    List<Line.Equation> equations =
        Stream.concat(derivation.values().stream(), derivation.gradients().stream())
            .filter(Line.Equation.class::isInstance)
            .map(Line.Equation.class::cast)
            .toList();
    assertThat(equations)
        .allSatisfy(line -> assertThat(line.place()).as(line.toString()).isPresent());
    assertThat(equations.stream().map(Line.Equation::left)).doesNotHaveDuplicates();
    String text = DerivationPrinter.text(derivation);
    assertThat(text).doesNotContain("null", "state1");
    assertThat(text.lines()).allMatch(line -> line.length() <= WIDTH);
    assertBalanced(DerivationPrinter.latex(derivation, "x"));
    assertBalanced(DerivationPrinter.markdown(derivation, "x"));
  }

  /** Braces, what \left opens, and environments. */
  private static void assertBalanced(String latex) {
    int depth = 0;
    for (int i = 0; i < latex.length(); i++) {
      char sign = latex.charAt(i);
      boolean escaped = i > 0 && latex.charAt(i - 1) == '\\';
      depth += escaped ? 0 : sign == '{' ? 1 : sign == '}' ? -1 : 0;
      assertThat(depth).isNotNegative();
    }
    assertThat(depth).as("open braces").isZero();
    for (String row : latex.split("\n")) {
      assertThat(row.split("\\\\left[(|\\[]", -1))
          .as(row)
          .hasSameSizeAs(row.split("\\\\right[)|\\]]", -1));
    }
    assertThat(latex.split("\\\\begin\\{", -1)).hasSameSizeAs(latex.split("\\\\end\\{", -1));
    assertThat(latex.codePoints().filter(sign -> sign > 126).mapToObj(Character::toString))
        .as("signs that LaTeX does not know")
        .isEmpty();
  }
}
