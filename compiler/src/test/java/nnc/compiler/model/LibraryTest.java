package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import nnc.compiler.Project;
import nnc.compiler.ir.DoubleAlgebra;
import nnc.compiler.ir.op.Erf;
import nnc.compiler.source.Source;
import nnc.compiler.syntax.Ast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standard library: what it computes against formulas written by hand, and its gradients against differences. */
class LibraryTest {
  private static final double EXACT = 1e-13;

  // ------------------------------------------------------------ element by element

  private record Activation(String expression, DoubleUnaryOperator expected) {
    @Override
    public String toString() {
      return expression;
    }
  }

  static final List<Activation> ACTIVATIONS =
      List.of(
          new Activation("identity(x)", x -> x),
          new Activation("relu(x)", x -> x > 0 ? x : 0),
          new Activation("leaky_relu(x)", x -> x > 0 ? x : 0.01 * x),
          new Activation("leaky_relu(x, 0.2)", x -> x > 0 ? x : 0.2 * x),
          new Activation("elu(x)", x -> x > 0 ? x : Math.exp(x) - 1),
          new Activation("elu(x, alpha = 0.5)", x -> x > 0 ? x : 0.5 * (Math.exp(x) - 1)),
          new Activation(
              "selu(x)",
              x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1))),
          new Activation(
              "gelu(x)",
              x ->
                  0.5
                      * x
                      * (1 + new Erf().formula(DoubleAlgebra.INSTANCE, List.of(x / Math.sqrt(2))))),
          new Activation("silu(x)", x -> x / (1 + Math.exp(-x))),
          new Activation("sigmoid(x)", x -> 1 / (1 + Math.exp(-x))),
          new Activation("softplus(x)", x -> Math.log(1 + Math.exp(x))),
          new Activation("rsqrt(x^2 + 1)", x -> 1 / Math.sqrt(x * x + 1)),
          new Activation("clamp(x, -1, 1.5)", x -> x < -1 ? -1 : x > 1.5 ? 1.5 : x),
          new Activation("dropout(x, 0.4)", x -> x),
          new Activation("x |> Dropout(0.4)", x -> x),
          new Activation("x^3", x -> x * x * x),
          new Activation("-x^2", x -> -x * x),
          new Activation("2^x", x -> Math.pow(2, x)),
          new Activation("where(x > 1, 0, x)", x -> x > 1 ? 0 : x));

  /** No kink of any of them among these. */
  private static final double[] SAMPLES = {-3.2, -1.7, -0.8, -0.3, 0.2, 0.7, 1.3, 1.9, 2.6, 4.1};

  @ParameterizedTest
  @FieldSource("ACTIVATIONS")
  void anActivationIsItsFormula(Activation activation) {
    Equation equation = new Equation("input x: f32[2, 5]", activation.expression());
    double[] expected = Arrays.stream(SAMPLES).map(activation.expected()).toArray();
    assertThat(equation.value(Map.of("x", SAMPLES))).containsExactly(expected, within(EXACT));
    assertThat(equation.disagreement(Map.of("x", SAMPLES))).isEmpty();
  }

  private record Kink(String expression, double slope) {
    @Override
    public String toString() {
      return expression;
    }
  }

  static final List<Kink> AT_ZERO =
      List.of(
          new Kink("relu(x)", 0),
          new Kink("leaky_relu(x)", 0.01),
          new Kink("elu(x)", 1),
          new Kink("softplus(x)", 0.5),
          new Kink("abs(x)", 0),
          new Kink("max(x, x)", 1),
          new Kink("max(x, -x)", 1),
          new Kink("clamp(x, 0, 1)", 1),
          new Kink("huber(x, 0, reduce = none)", 0),
          new Kink("binary_cross_entropy(x, 1, reduce = none)", -0.5),
          new Kink("binary_cross_entropy(x, 0, reduce = none)", 0.5));

  @ParameterizedTest
  @FieldSource("AT_ZERO")
  void atZeroASlopeIsChosen(Kink kink) {
    assertThat(
            new Equation("input x: f32[1]", kink.expression())
                .gradient("x", Map.of("x", new double[1])))
        .containsExactly(kink.slope());
  }

  @Test
  void softplusIsSmoothThoughItsPartsHaveKinks() {
    double[] at = {-1000, -30, -1, -1e-9, 0, 1e-9, 1, 30, 1000};
    double[] sigmoid = Arrays.stream(at).map(x -> 1 / (1 + Math.exp(-x))).toArray();
    Equation slope = new Equation("input x: f32[9]", "grad(sum(softplus(x)), x)");
    assertThat(slope.value(Map.of("x", at))).containsExactly(sigmoid, within(1e-15));
    assertThat(slope.gradient("x", Map.of("x", at)))
        .containsExactly(Arrays.stream(sigmoid).map(s -> s * (1 - s)).toArray(), within(1e-15));
    assertThat(slope.value(Map.of("x", at))[1]).isCloseTo(sigmoid[1], withinPercentage(1e-10));
  }

  // ------------------------------------------------------------ over axes

  private static final double[][] X = {
    {0.3, -1.2, 2.1, 0.9}, {-0.4, 1.6, -2.2, 0.1}, {1.1, 0.5, -0.7, 1.9}
  };
  private static final boolean[][] KEEP = {
    {true, false, true, true}, {false, true, true, false}, {true, true, true, true}
  };

  private record Reduced(String expression, int[] shape, double... values) {
    boolean differentiable() {
      return !expression.startsWith("arg")
          && !expression.startsWith("count")
          && expression.contains("x");
    }

    @Override
    public String toString() {
      return expression;
    }
  }

  private static double[] rows(ToDoubleFunction<double[]> each) {
    return Arrays.stream(X).mapToDouble(each).toArray();
  }

  private static double[] columns(ToDoubleFunction<double[]> each) {
    return IntStream.range(0, 4)
        .mapToDouble(c -> each.applyAsDouble(Arrays.stream(X).mapToDouble(row -> row[c]).toArray()))
        .toArray();
  }

  private static double[] keptRows(ToDoubleFunction<double[]> each) {
    return IntStream.range(0, 3)
        .mapToDouble(r ->
            each.applyAsDouble(
                IntStream.range(0, 4).filter(c -> KEEP[r][c]).mapToDouble(c -> X[r][c]).toArray()))
        .toArray();
  }

  private static double[] all() {
    return Arrays.stream(X).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double mean(double... values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double... values) {
    double mean = mean(values);
    return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }

  private static double logSumExp(double... values) {
    return Math.log(Arrays.stream(values).map(Math::exp).sum());
  }

  private static int[] shape(int... sizes) {
    return sizes;
  }

  static final List<Reduced> REDUCTIONS =
      List.of(
          new Reduced("sum(x)", shape(), Arrays.stream(all()).sum()),
          new Reduced("sum(x over 0)", shape(4), columns(c -> Arrays.stream(c).sum())),
          new Reduced("max(x over -1)", shape(3), rows(r -> Arrays.stream(r).max().orElseThrow())),
          new Reduced(
              "min(x over 0)", shape(4), columns(c -> Arrays.stream(c).min().orElseThrow())),
          new Reduced("min(x)", shape(), -2.2),
          new Reduced(
              "sum(x over 1 where keep)", shape(3), keptRows(row -> Arrays.stream(row).sum())),
          new Reduced(
              "max(x over 1 where keep)",
              shape(3),
              keptRows(row -> Arrays.stream(row).max().orElseThrow())),
          new Reduced(
              "min(x over 1 where keep)",
              shape(3),
              keptRows(row -> Arrays.stream(row).min().orElseThrow())),
          new Reduced("mean(x)", shape(), mean(all())),
          new Reduced("mean(x over 1)", shape(3), rows(LibraryTest::mean)),
          new Reduced("mean(x over (0, 1))", shape(), mean(all())),
          new Reduced("mean(x over R)", shape(4), columns(LibraryTest::mean)),
          new Reduced("mean(x, keepdims = true over C)", shape(3, 1), rows(LibraryTest::mean)),
          new Reduced("mean(x over 1 where keep)", shape(3), keptRows(LibraryTest::mean)),
          new Reduced(
              "mean(x where x > 0)",
              shape(),
              mean(Arrays.stream(all()).filter(x -> x > 0).toArray())),
          new Reduced("mean(3)", shape(), 3),
          new Reduced("count(x)", shape(), 12),
          new Reduced("count(x over 0)", shape(4), 3, 3, 3, 3),
          new Reduced("count(x over 1 where keep)", shape(3), 3, 2, 4),
          new Reduced("var(x)", shape(), variance(all())),
          new Reduced("var(x over 1)", shape(3), rows(LibraryTest::variance)),
          new Reduced(
              "var(x, keepdims = true over 0)", shape(1, 4), columns(LibraryTest::variance)),
          new Reduced("logsumexp(x)", shape(3), rows(LibraryTest::logSumExp)),
          new Reduced("logsumexp(x over 0)", shape(4), columns(LibraryTest::logSumExp)),
          new Reduced("logsumexp(x over (0, 1))", shape(), logSumExp(all())),
          new Reduced("logsumexp(x, keepdims = true)", shape(3, 1), rows(LibraryTest::logSumExp)),
          new Reduced("softmax(x)", shape(3, 4), softmax(X, true)),
          new Reduced("softmax(x over R)", shape(3, 4), softmax(X, false)),
          new Reduced("softmax(x where keep)", shape(3, 4), keptSoftmax()),
          new Reduced(
              "log_softmax(x)",
              shape(3, 4),
              Arrays.stream(softmax(X, true)).map(Math::log).toArray()),
          new Reduced(
              "log_softmax(x over 0)",
              shape(3, 4),
              Arrays.stream(softmax(X, false)).map(Math::log).toArray()),
          new Reduced(
              "layer_norm(x)",
              shape(3, 4),
              Arrays.stream(X)
                  .flatMapToDouble(
                      r -> Arrays.stream(r).map(v -> (v - mean(r)) / Math.sqrt(variance(r) + 1e-5)))
                  .toArray()),
          new Reduced(
              "layer_norm(x, eps = 0.1)",
              shape(3, 4),
              Arrays.stream(X)
                  .flatMapToDouble(
                      r -> Arrays.stream(r).map(v -> (v - mean(r)) / Math.sqrt(variance(r) + 0.1)))
                  .toArray()),
          new Reduced("var(x over 1 where keep)", shape(3), keptRows(LibraryTest::variance)),
          new Reduced("argmin(x over 0 where keep)", shape(4), 0, 2, 1, 0),
          new Reduced("argmin(x)", shape(3), 1, 2, 2),
          new Reduced("argmax(x over 0)", shape(4), 2, 1, 0, 2),
          new Reduced("argmax(x)", shape(3), 2, 1, 3));

  private static double[] softmax(double[][] x, boolean alongRows) {
    return IntStream.range(0, 12)
        .mapToDouble(i -> {
          double sum =
              alongRows
                  ? Arrays.stream(x[i / 4]).map(Math::exp).sum()
                  : Arrays.stream(x).mapToDouble(row -> Math.exp(row[i % 4])).sum();
          return Math.exp(x[i / 4][i % 4]) / sum;
        })
        .toArray();
  }

  private static double[] keptSoftmax() {
    double[] sums = keptRows(row -> Arrays.stream(row).map(Math::exp).sum());
    return IntStream.range(0, 12)
        .mapToDouble(i -> KEEP[i / 4][i % 4] ? Math.exp(X[i / 4][i % 4]) / sums[i / 4] : 0)
        .toArray();
  }

  @ParameterizedTest
  @FieldSource("REDUCTIONS")
  void aReductionIsItsFormula(Reduced reduced) {
    Equation equation =
        new Equation(
            "dim R = 3; dim C = 4; input x: f32[R, C]; input keep: bool[R, C]",
            reduced.expression());
    assertThat(equation.shape()).containsExactly(reduced.shape());
    assertThat(equation.value(inputs())).containsExactly(reduced.values(), within(EXACT));
    if (reduced.differentiable()) {
      assertThat(equation.disagreement(inputs())).isEmpty();
    }
  }

  private static Map<String, double[]> inputs() {
    double[] keep =
        Arrays.stream(KEEP)
            .flatMapToDouble(row -> IntStream.range(0, 4).mapToDouble(c -> row[c] ? 1 : 0))
            .toArray();
    return Map.of("x", all(), "keep", keep);
  }

  // ------------------------------------------------------------ at the edge

  @Test
  void aSoftmaxRowOfWhichNothingIsKeptIsZeroAndSoIsItsGradient() {
    Equation equation =
        new Equation("input x: f32[2, 3]; input keep: bool[2, 3]", "softmax(x where keep)");
    Map<String, double[]> inputs =
        Map.of("x", new double[] {1, 2, 3, 4, 5, 6}, "keep", new double[] {0, 0, 0, 1, 0, 0});
    assertThat(equation.value(inputs)).containsExactly(0, 0, 0, 1, 0, 0);
    assertThat(equation.gradient("x", inputs)).containsExactly(0, 0, 0, 0, 0, 0);
  }

  /** As log(0): a sum over paths, of which some lead nowhere, begins with it. */
  @Test
  void aLogSumOfNothingButMinusInfinityIsThatAndItsGradientIsZero() {
    Equation equation = new Equation("input x: f32[2, 3]", "logsumexp(x)");
    double nothing = Double.NEGATIVE_INFINITY;
    Map<String, double[]> inputs =
        Map.of("x", new double[] {nothing, nothing, nothing, 2, nothing, 2});
    assertThat(equation.value(inputs)).containsExactly(nothing, 2 + Math.log(2));
    double[] gradient = equation.gradient("x", inputs);
    assertThat(Arrays.copyOf(gradient, 3)).containsExactly(0, 0, 0);
    assertThat(gradient[3]).isNotZero().isEqualTo(gradient[5]);
    assertThat(gradient[4]).isZero();
  }

  @Test
  void whatIsNotKeptMayBeAnythingEvenNaN() {
    Equation equation =
        new Equation("input x: f32[1, 3]; input keep: bool[1, 3]", "softmax(x where keep)");
    Map<String, double[]> inputs =
        Map.of("x", new double[] {1, Double.NaN, 1}, "keep", new double[] {1, 0, 1});
    assertThat(equation.value(inputs)).containsExactly(0.5, 0, 0.5);
    assertThat(equation.gradient("x", inputs)).containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "softmax(x)",
        "logsumexp(x)",
        "log_softmax(x)",
        "softplus(x)",
        "sigmoid(x)",
        "tanh(x)",
        "silu(x)",
        "elu(x)"
      })
  void largeNumbersDoNotOverflow(String expression) {
    Equation equation = new Equation("input x: f32[1, 4]", expression);
    Map<String, double[]> inputs = Map.of("x", new double[] {1000, -1000, 999, 0.5});
    assertThat(equation.value(inputs))
        .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(equation.gradient("x", inputs))
        .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  @Test
  void atTiesTheFirstWins() {
    Map<String, double[]> inputs = Map.of("x", new double[] {1, 3, 3, 2});
    assertThat(new Equation("input x: f32[4]", "argmax(x)").value(inputs)).containsExactly(1);
    assertThat(new Equation("input x: f32[4]", "argmin(-x)").value(inputs)).containsExactly(1);
    assertThat(new Equation("input x: f32[4]", "max(x)").gradient("x", inputs))
        .containsExactly(0, 1, 0, 0);
    assertThat(new Equation("input x: f32[4]", "min(-x)").gradient("x", inputs))
        .containsExactly(0, -1, 0, 0);
  }

  /** A reader of the library may trust that everything in it stands in one of these tables. */
  @Test
  void everyFunctionAndLayerOfTheLibraryIsTested() {
    List<String> tested =
        new ArrayList<>(
            List.of("Embedding", "LayerNorm", "BatchNorm", "Dense", "causal", "normal_like"));
    tested.addAll(AttentionTest.LAYERS);
    tested.addAll(RecurrentTest.LAYERS);
    tested.add("positions"); // in AttentionTest
    ACTIVATIONS.forEach(row -> tested.add(row.expression()));
    REDUCTIONS.forEach(row -> tested.add(row.expression()));
    SchedulesTest.SCHEDULES.forEach(row -> tested.add(row.expression()));
    ImagesTest.CONVOLUTIONS.forEach(row -> tested.add(row.toString()));
    ImagesTest.POOLED.forEach(row -> tested.add(row.expression()));
    tested.addAll(List.of("Conv1d", "Conv2d")); // in ImagesTest
    LossesTest.LOSSES.forEach(row -> tested.add(row.expression()));
    Program program = Project.of(new Source("empty.nn", ""), Optional.empty());
    for (Ast.File file : program.library()) {
      for (Ast.Declaration declaration : file.declarations()) {
        if (!(declaration instanceof Ast.OptimizerDeclaration)) {
          String name = declaration.name().text();
          assertThat(tested)
              .as("tests of %s", name)
              .anyMatch(expression -> Arrays.asList(expression.split("\\W")).contains(name));
        }
      }
    }
  }
}
