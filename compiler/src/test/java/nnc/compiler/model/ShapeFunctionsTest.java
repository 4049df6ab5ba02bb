package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.DiagnosticPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Functions that put elements in other places, or sum along them: values, gradients, names of axes, and errors. */
class ShapeFunctionsTest {
  private static final String DECLARATIONS = "dim B = 2; dim T = 2; input x: f32[B, T, 4]";

  /** The same, with another dim. */
  private static final String NAMES = "dim n = 2; " + DECLARATIONS;

  /** The same tensor, all of whose sizes are known before running. */
  private static final String KNOWN = "dim T = 2; param x: [2, T, 4]";

  /** x[b, t, c] = 100 b + 10 t + c. */
  private static final Map<String, double[]> X =
      Map.of(
          "x",
          IntStream.range(0, 16)
              .mapToDouble(i -> 100 * (i / 8) + 10 * (i / 4 % 2) + i % 4)
              .toArray());

  private record Moved(String expression, int[] shape, double... values) {
    @Override
    public String toString() {
      return expression;
    }
  }

  private static int[] shape(int... sizes) {
    return sizes;
  }

  static final List<Moved> MOVED =
      List.of(
          new Moved("stack(x[0, 0], x[1, 1])", shape(2, 4), 0, 1, 2, 3, 110, 111, 112, 113),
          new Moved("stack(x[0, 0], x[1, 1] over 1)", shape(4, 2), 0, 110, 1, 111, 2, 112, 3, 113),
          new Moved("stack(x[0, 0], x[1, 1] over -1)", shape(4, 2), 0, 110, 1, 111, 2, 112, 3, 113),
          new Moved("stack(x[0, 0])", shape(1, 4), 0, 1, 2, 3),
          new Moved("stack(x[0, 0, 1], x[1, 0, 2])", shape(2), 1, 102),
          new Moved("a, b = split(x[0], 2); b", shape(2, 2), 2, 3, 12, 13),
          new Moved("a, b = split(x[0], 2 over T); b", shape(1, 4), 10, 11, 12, 13),
          new Moved("a = split(x[1, 1], 1); a", shape(4), 110, 111, 112, 113),
          new Moved("reverse(x[0] over 0)", shape(2, 4), 10, 11, 12, 13, 0, 1, 2, 3),
          new Moved("reverse(x[0] over -1)", shape(2, 4), 3, 2, 1, 0, 13, 12, 11, 10),
          new Moved("reverse(reverse(x[0, 1] over 0) over 0)", shape(4), 10, 11, 12, 13),
          new Moved("cumsum(x[1, 0])", shape(4), 100, 201, 303, 406),
          new Moved("cumsum(x[0] over T)", shape(2, 4), 0, 1, 2, 3, 10, 12, 14, 16),
          new Moved("cumsum(x[0] > 1)", shape(2, 4), 0, 0, 1, 2, 1, 2, 3, 4),
          new Moved(
              "rearrange(x[0], \"t (h k) -> h t k\", h = 2)",
              shape(2, 2, 2),
              0,
              1,
              10,
              11,
              2,
              3,
              12,
              13),
          new Moved(
              "rearrange(x[0], \"t (h k) -> k (t h)\", k = 2)",
              shape(2, 4),
              0,
              2,
              10,
              12,
              1,
              3,
              11,
              13),
          new Moved("rearrange(x[0], \"t c -> (t c)\")", shape(8), 0, 1, 2, 3, 10, 11, 12, 13),
          new Moved(
              "rearrange(x[0], \"t c -> c 1 t\")", shape(4, 1, 2), 0, 10, 1, 11, 2, 12, 3, 13),
          new Moved(
              "rearrange(x[.., 0..0, 0..1], \"b (1 1) c -> (c b)\")", shape(4), 0, 100, 1, 101));

  @ParameterizedTest
  @FieldSource("MOVED")
  void elementsGoWhereTheyShould(Moved moved) {
    Equation equation = new Equation(KNOWN, moved.expression());
    assertThat(equation.shape()).containsExactly(moved.shape());
    assertThat(equation.value(X)).containsExactly(moved.values(), within(1e-12));
    if (!moved.expression().contains(">")) {
      assertThat(equation.disagreement(Map.of("x", scaled()))).isEmpty();
    }
  }

  /** Small numbers, of which differences are exact enough. */
  private static double[] scaled() {
    return Arrays.stream(X.get("x")).map(x -> x / 100 - 0.5).toArray();
  }

  /** What an axis is called afterwards is seen by summing over it. */
  private record Named(String expression, String axis, int place) {
    @Override
    public String toString() {
      return expression;
    }
  }

  static final List<Named> NAMED =
      List.of(
          new Named("stack(x, x)", "B", 1),
          new Named("stack(x, x over 1)", "B", 0),
          new Named("stack(x, x over 1)", "T", 2),
          new Named("reverse(x over T)", "T", 1),
          new Named("cumsum(x over T)", "T", 1),
          new Named("rearrange(x, \"b t (h k) -> b h t k\", h = 2)", "T", 2),
          new Named("rearrange(x, \"b t c -> t b c\")", "B", 1),
          new Named("rearrange(x, \"b t (h k) -> b h t k\", h = n)", "n", 1),
          new Named("rearrange(x, \"b t (n k) -> b n t k\", k = 2)", "n", 1),
          new Named("reshape(x, (T, B, n, 2))", "n", 2),
          new Named("reshape(x, (T, B, 4))", "B", 1),
          new Named("broadcast(x[.., 0..0, ..], (B, n, 4))", "n", 1),
          new Named("concat(reshape(x, (B, 2, 4)), x)", "T", 1),
          new Named("concat(x, x over T)", "B", 0),
          new Named("iota(n)", "n", 0),
          new Named("one_hot(argmax(x), n)", "n", 2),
          new Named("categorical(iota(4) + 1, (4, n))", "n", 1));

  @ParameterizedTest
  @FieldSource("NAMED")
  void namesOfAxesTravel(Named named) {
    double[] byName =
        new Equation(NAMES, "sum(%s over %s)".formatted(named.expression(), named.axis())).value(X);
    double[] byPlace =
        new Equation(NAMES, "sum(%s over %d)".formatted(named.expression(), named.place()))
            .value(X);
    assertThat(byName).containsExactly(byPlace);
  }

  @Test
  void aDimThatALayerIsGivenDoesNotNameItsAxes() {
    String layer =
        "layer Parts(n)(x: [B, d]) {; dim T = d / n; sum(reshape(x, (B, n, T)) over T); }";
    assertThat(new Equation(layer, DECLARATIONS, "Parts(T)(x.first)").value(X))
        .containsExactly(1, 5, 201, 205);
  }

  @Test
  void causalIsTrueUpToTheDiagonal() {
    assertThat(new Equation("input x: f32[1]", "causal(3)").value(Map.of("x", new double[1])))
        .containsExactly(1, 0, 0, 1, 1, 0, 1, 1, 1);
  }

  private record Wrong(String expression, String... told) {
    @Override
    public String toString() {
      return expression;
    }
  }

  static final List<Wrong> WRONG =
      List.of(
          new Wrong(
              "stack(x, x[.., 0])",
              "'stack' joins tensors of one shape",
              "[B, T = 2, 4]",
              "[B, 4]"),
          new Wrong("stack(x, x over T)", "no axis 'T'"),
          new Wrong("split(x, 3)", "parts of one size", "4 (axis 2) is no multiple of 3"),
          new Wrong("split(x, 2 over B)", "an axis of known size", "[B, T = 2, 4]"),
          new Wrong("reverse(x)", "which axis", "reverse(x over -1)"),
          new Wrong("reverse(x over B)", "'reverse' acts on an axis of known size"),
          new Wrong("cumsum(x over (1, 2))", "'cumsum' acts on one axis"),
          new Wrong("argmax(x over (1, 2))", "'argmax' acts on one axis"),
          new Wrong("rearrange(x)", "a tensor and a text of labels"),
          new Wrong("rearrange(x, \"b t c\")", "one '->'"),
          new Wrong("rearrange(x, \"b t -> t b\")", "2 axes on the left, for a tensor of 3"),
          new Wrong("rearrange(x, \"b t c -> t b\")", "'c' is not on the right"),
          new Wrong("rearrange(x, \"b t c -> t b c d\")", "'d' is not on the left"),
          new Wrong("rearrange(x, \"b b c -> b c\")", "'b' stands twice"),
          new Wrong("rearrange(x, \"b t ... -> t b ...\")", "'...' is not a label"),
          new Wrong("rearrange(x, \"b t (h k -> b t h k\")", "'(' without ')'"),
          new Wrong("rearrange(x, \"b t h k) -> b t h k\")", "')' without '('"),
          new Wrong("rearrange(x, \"b t ((h) k) -> b t h k\")", "parentheses in parentheses"),
          new Wrong("rearrange(x, \"b t (h k) -> b t h k\")", "sizes of 'h', 'k'", "h = …"),
          new Wrong(
              "rearrange(x, \"b t (h k) -> b t h k\", h = 3)",
              "'(h k)' does not fit",
              "[B, T = 2, 4]",
              "axis 2 has the size 4, which is no multiple of 3"),
          new Wrong("rearrange(x, \"b t c -> t b c\", c = 5)", "'c' does not fit", "not 5"),
          new Wrong("rearrange(x, \"b t c -> t b c\", z = 5)", "no argument 'z'", "b, t, c"),
          new Wrong("einsum(\"b t c, c, t -> b\", x, x, x)", "not 3"),
          new Wrong("einsum(\"b t c -> b\", x)", "multiplies two tensors, not 1"),
          new Wrong("broadcast(x, (B, 3))", "does not broadcast", "[B, T = 2, 4]", "[B, 3]"),
          new Wrong("broadcast(x, x[.., 0, ..])", "does not broadcast", "[B, 4]"));

  @ParameterizedTest
  @FieldSource("WRONG")
  void whatIsWrongIsTold(Wrong wrong) {
    CompileException e =
        catchThrowableOfType(
            CompileException.class, () -> new Equation(DECLARATIONS, wrong.expression()));
    assertThat(new DiagnosticPrinter(false).print(e.diagnostics())).contains(wrong.told());
  }
}
