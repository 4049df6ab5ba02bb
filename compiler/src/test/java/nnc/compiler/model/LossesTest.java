package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The losses of the library against formulas written by hand, and their gradients against differences. */
class LossesTest {
  private static final String INPUTS =
      "input x: f32[4, 3]; input y: f32[4, 3]; input p: f32[4, 3]; input q: f32[4, 3]; input id: i32[4]; input truth: f32[4, 3]";

  private static final double[][] X = {
    {0.3, -1.2, 2.1}, {-0.4, 1.6, -2.2}, {1.1, 0.5, -0.7}, {0.2, 0.1, 0.4}
  };
  private static final double[][] Y = {
    {0.9, -0.2, 0.1}, {-1.4, 1.9, -0.2}, {2.6, 0.4, -0.9}, {0.9, 3.1, 0.3}
  };
  private static final double[][] TRUTH = {{1, 0, 0}, {0, 1, 1}, {1, 1, 0}, {0, 0, 0}};
  private static final double[][] P = {
    {0.2, 0.5, 0.3}, {0.1, 0.1, 0.8}, {0.6, 0.3, 0.1}, {0.25, 0.25, 0.5}
  };
  private static final double[][] Q = {
    {0.3, 0.4, 0.3}, {0.2, 0.3, 0.5}, {0.7, 0.1, 0.2}, {0.4, 0.2, 0.4}
  };
  private static final int[] ID = {2, 0, 1, 2};

  record Loss(String expression, double... expected) {
    @Override
    public String toString() {
      return expression;
    }
  }

  static final List<Loss> LOSSES =
      List.of(
          new Loss("cross_entropy(x, id)", mean(crossEntropy(0))),
          new Loss("cross_entropy(x, id, reduce = none)", crossEntropy(0)),
          new Loss("cross_entropy(x, id, reduce = sum)", Arrays.stream(crossEntropy(0)).sum()),
          new Loss("cross_entropy(x, id, smoothing = 0.1)", mean(crossEntropy(0.1))),
          new Loss("cross_entropy(x, id, ignore = 2)", mean(without(2, crossEntropy(0)))),
          new Loss(
              "cross_entropy(x, id, ignore = 2, smoothing = 0.3)",
              mean(without(2, crossEntropy(0.3)))),
          new Loss(
              "cross_entropy(x, id, ignore = 1, reduce = sum)",
              Arrays.stream(without(1, crossEntropy(0))).sum()),
          new Loss("nll(log(p), id)", mean(negativeLog())),
          new Loss("nll(log(p), id, reduce = none)", negativeLog()),
          new Loss("nll(log(p), id, ignore = 0)", mean(without(0, negativeLog()))),
          new Loss("nll(log_softmax(x), id)", mean(crossEntropy(0))),
          new Loss(
              "binary_cross_entropy(x, truth)",
              mean(each(X, TRUTH, LossesTest::binaryCrossEntropy))),
          new Loss(
              "binary_cross_entropy(x, truth, reduce = none)",
              each(X, TRUTH, LossesTest::binaryCrossEntropy)),
          new Loss("mse(x, y)", mean(each(X, Y, (a, b) -> (a - b) * (a - b)))),
          new Loss("mse(x, y, reduce = none)", each(X, Y, (a, b) -> (a - b) * (a - b))),
          new Loss("mse(x, 0)", mean(each(X, Y, (a, b) -> a * a))),
          new Loss("mae(x, y)", mean(each(X, Y, (a, b) -> Math.abs(a - b)))),
          new Loss("huber(x, y)", mean(each(X, Y, (a, b) -> huber(a - b, 1)))),
          new Loss("huber(x, y, delta = 0.5)", mean(each(X, Y, (a, b) -> huber(a - b, 0.5)))),
          new Loss("kl(p, q)", mean(divergence())),
          new Loss("kl(p, q, reduce = none)", divergence()),
          new Loss("kl(softmax(x), softmax(y))", mean(divergence(softmax(X), softmax(Y)))));

  private static double mean(double... values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The softmax is written out, and the smoothed target is a distribution, as the definition says. */
  private static double[] crossEntropy(double smoothing) {
    return IntStream.range(0, 4)
        .mapToDouble(row -> {
          double[] p = softmax(X)[row];
          return IntStream.range(0, 3)
              .mapToDouble(
                  c -> -((1 - smoothing) * (c == ID[row] ? 1 : 0) + smoothing / 3) * Math.log(p[c]))
              .sum();
        })
        .toArray();
  }

  private static double[][] softmax(double[][] x) {
    return Arrays.stream(x)
        .map(row -> {
          double sum = Arrays.stream(row).map(Math::exp).sum();
          return Arrays.stream(row).map(value -> Math.exp(value) / sum).toArray();
        })
        .toArray(double[][]::new);
  }

  private static double[] negativeLog() {
    return IntStream.range(0, 4).mapToDouble(row -> -Math.log(P[row][ID[row]])).toArray();
  }

  private static double[] without(int ignored, double[] rows) {
    return IntStream.range(0, 4)
        .filter(row -> ID[row] != ignored)
        .mapToDouble(row -> rows[row])
        .toArray();
  }

  private static double binaryCrossEntropy(double logit, double truth) {
    double p = 1 / (1 + Math.exp(-logit));
    return -(truth * Math.log(p) + (1 - truth) * Math.log(1 - p));
  }

  private static double huber(double difference, double delta) {
    double d = Math.abs(difference);
    return d < delta ? d * d / 2 : delta * (d - delta / 2);
  }

  private static double[] divergence() {
    return divergence(P, Q);
  }

  private static double[] divergence(double[][] p, double[][] q) {
    return IntStream.range(0, 4)
        .mapToDouble(row ->
            IntStream.range(0, 3)
                .mapToDouble(c -> p[row][c] * Math.log(p[row][c] / q[row][c]))
                .sum())
        .toArray();
  }

  private static double[] each(double[][] a, double[][] b, DoubleBinaryOperator formula) {
    List<Double> values = new ArrayList<>();
    for (int row = 0; row < 4; row++) {
      for (int c = 0; c < 3; c++) {
        values.add(formula.applyAsDouble(a[row][c], b[row][c]));
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static Map<String, double[]> inputs() {
    double[] ids = Arrays.stream(ID).asDoubleStream().toArray();
    return Map.of(
        "x", flat(X), "y", flat(Y), "p", flat(P), "q", flat(Q), "truth", flat(TRUTH), "id", ids);
  }

  @ParameterizedTest
  @FieldSource("LOSSES")
  void aLossIsItsFormula(Loss loss) {
    Equation equation = new Equation(INPUTS, loss.expression());
    assertThat(equation.value(inputs())).containsExactly(loss.expected(), within(1e-12));
    assertThat(equation.disagreement(inputs())).isEmpty();
  }

  @Test
  void anIgnoredRowIsZeroWhereRowsAreAskedFor() {
    Equation equation = new Equation(INPUTS, "cross_entropy(x, id, ignore = 0, reduce = none)");
    double[] expected = crossEntropy(0);
    expected[1] = 0;
    assertThat(equation.value(inputs())).containsExactly(expected, within(1e-12));
  }

  @Test
  void anIgnoredRowMayHoldAnIdThatIsNoClass() {
    Equation equation =
        new Equation("input x: f32[2, 3]; input id: i32[2]", "cross_entropy(x, id, ignore = 9)");
    Map<String, double[]> inputs =
        Map.of("x", new double[] {1, 2, 3, 4, 5, 6}, "id", new double[] {9, 2});
    assertThat(equation.value(inputs))
        .containsExactly(new double[] {Math.log(1 + Math.exp(-1) + Math.exp(-2))}, within(1e-12));
    assertThat(Arrays.copyOf(equation.gradient("x", inputs), 3)).containsExactly(0, 0, 0);
  }

  @Test
  void tokensCountNotSequences() {
    Equation equation =
        new Equation(
            "input x: f32[2, 2, 3]; input id: i32[2, 2]", "cross_entropy(x, id, ignore = 0)");
    double[] x = {1, 2, 3, 9, 9, 9, 3, 2, 1, 0, 0, 1};
    Map<String, double[]> inputs = Map.of("x", x, "id", new double[] {2, 0, 1, 1});
    double first = Math.log(1 + Math.exp(-1) + Math.exp(-2));
    double second = Math.log(1 + Math.E + Math.exp(-1));
    double third = Math.log(2 + Math.E);
    assertThat(equation.value(inputs))
        .containsExactly(new double[] {(first + second + third) / 3}, within(1e-12));
  }

  @Test
  void zeroTimesLogZeroIsZeroInADivergence() {
    Equation equation = new Equation("input p: f32[1, 2]; input q: f32[1, 2]", "kl(p, q)");
    Map<String, double[]> inputs = Map.of("p", new double[] {0, 1}, "q", new double[] {0.5, 0.5});
    assertThat(equation.value(inputs)).containsExactly(new double[] {Math.log(2)}, within(1e-12));
    assertThat(equation.gradient("q", inputs)).containsExactly(new double[] {0, -2}, within(0.0));
  }

  @Test
  void aLargeLogitCostsWhatItIsWrongBy() {
    Equation equation =
        new Equation(
            "input x: f32[2]; input y: f32[2]", "binary_cross_entropy(x, y, reduce = none)");
    Map<String, double[]> inputs =
        Map.of("x", new double[] {1000, -1000}, "y", new double[] {0, 0});
    assertThat(equation.value(inputs)).containsExactly(1000, 0);
  }
}
