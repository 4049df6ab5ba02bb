package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

/** Which lines of a model the lines of its code come from. */
class LinesTest {
  private static final String MODEL =
      """
      model M {
        dim B = 3
        input x: f32[B, 4]
        param W: [4, 2]
        h = x @ W
        y = h * h
        output z =
            exp(y)
      }
      """;

  private static JavaSource forward() {
    return Compiler.compile(
            Project.of(new Source("some/m.nn", MODEL), Optional.empty()), Compiler.Options.DEFAULT)
        .java()
        .stream()
        .filter(source -> source.name().equals("MForward"))
        .findFirst()
        .orElseThrow();
  }

  /** All places of lines that contain some text. */
  private static List<String> places(String part) {
    JavaSource source = forward();
    List<String> lines = source.text().lines().toList();
    return IntStream.rangeClosed(1, lines.size())
        .filter(line -> lines.get(line - 1).contains(part))
        .mapToObj(line -> source.map().place(line).map(Object::toString).orElse("nowhere"))
        .distinct()
        .toList();
  }

  @Test
  void statementsOfAKernelComeFromTheLinesOfTheirValues() {
    assertThat(places("float y = z * z")).containsExactly("m.nn:6");
    assertThat(places("z.mul(z)")).containsExactly("m.nn:6");
    assertThat(places("VectorMath.exp(")).containsExactly("m.nn:8");
    assertThat(places("products.tile(")).containsExactly("m.nn:5");
    assertThat(places("loops.z(")).containsExactly("m.nn:8");
  }

  @Test
  void whatIsNoKernelComesFromNowhere() {
    assertThat(places("this.rows = rows")).containsExactly("nowhere");
    assertThat(places("final class ")).containsExactly("nowhere");
  }

  @Test
  void nothingOfThisIsSeenInTheText() {
    assertThat(forward().text()).doesNotContain("//@");
    assertThat(forward().reading()).doesNotContain("//@");
  }
}
