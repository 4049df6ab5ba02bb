package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import nnc.compiler.ir.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent layers: formulas by hand, gradients against differences, and padding that changes nothing. Values of more: models/golden. */
class RecurrentTest {
  private static final double EXACT = 1e-13;
  private static final int STEPS = 4;
  private static final int FEATURES = 3;

  static final List<String> LAYERS =
      List.of(
          "x |> RNN(2)",
          "RNN(2, sigmoid, bias = false)(x, keep)",
          "RNN(2)(x, first = memory.last)",
          "x |> LSTM(2)",
          "h, c = LSTM(2)(x, keep, memory.last, memory.first); concat(h, c)",
          "LSTM(2, bias = false)(x, first_cell = memory.last)",
          "h, c = PeepholeLSTM(2)(x, keep); h + c",
          "PeepholeLSTM(2)(x, first = memory.first)",
          "x |> GRU(2)",
          "GRU(2, bias = false)(x, keep, memory.last)",
          "Bidirectional(GRU(2), RNN(3))(x, keep)",
          "states, end = Bidirectional(LSTM(2), LSTM(2))(x); end",
          "kept(x.last, x.first, keep.last)",
          "weighted(memory[.., .., 0], memory)",
          "AdditiveAttention(3)(x.last, memory, iota(5) < 4)",
          "mean, weights = AdditiveAttention(3)(x.last, memory); weights",
          "mean, weights = dot_attention(x.last[.., 0..1], memory, iota(5) < 2); concat(mean, weights)");

  @ParameterizedTest
  @FieldSource("LAYERS")
  void gradientsAgreeWithDifferences(String layer) {
    Equation equation =
        new Equation(
            "input x: f32[2, 4, 3]; input keep: bool[2, 4]; input memory: f32[2, 5, 2]", layer);
    Map<String, double[]> values = parameters(equation);
    Random random = new Random(4);
    values.put("x", random.doubles(2 * STEPS * FEATURES, -1, 1).toArray());
    values.put("memory", random.doubles(2 * 5 * 2, -1, 1).toArray());
    values.put("keep", new double[] {1, 1, 1, 1, 1, 1, 0, 0});
    assertThat(equation.disagreement(values)).isEmpty();
  }

  /** Sequences of length 4 and 2 in one batch, and each alone. */
  record Padded(String layer, String alone) {
    @Override
    public String toString() {
      return layer;
    }
  }

  static final List<Padded> PADDED =
      List.of(
          new Padded("RNN(2)(x, keep).last", "RNN(2)(x).last"),
          new Padded("LSTM(2)(x, keep).last", "LSTM(2)(x).last"),
          new Padded("h, c = LSTM(2)(x, keep); c.last", "h, c = LSTM(2)(x); c.last"),
          new Padded("PeepholeLSTM(2)(x, keep).last", "PeepholeLSTM(2)(x).last"),
          new Padded("GRU(2)(x, keep).last", "GRU(2)(x).last"),
          new Padded(
              "y, end = Bidirectional(GRU(2), LSTM(2))(x, keep); end",
              "y, end = Bidirectional(GRU(2), LSTM(2))(x); end"),
          new Padded(
              "Bidirectional(GRU(2), LSTM(2))(x, keep).first",
              "Bidirectional(GRU(2), LSTM(2))(x).first"),
          new Padded(
              "LSTM(2)(Bidirectional(GRU(2), LSTM(2))(x, keep), keep).last",
              "LSTM(2)(Bidirectional(GRU(2), LSTM(2))(x)).last"),
          new Padded(
              "AdditiveAttention(3)(x.first, RNN(2)(x, keep), keep)",
              "AdditiveAttention(3)(x.first, RNN(2)(x))"),
          new Padded("dot_attention(x.first, x, keep)", "dot_attention(x.first, x)"),
          new Padded(
              "SelfAttention(1)(x, reshape(keep, (size(x over 0), 1, size(x over 1)))).first",
              "SelfAttention(1)(x).first"),
          new Padded(
              "EncoderLayer(3, 4)(x, reshape(keep, (size(x over 0), 1, size(x over 1)))).first",
              "EncoderLayer(3, 4)(x).first"),
          new Padded(
              "DecoderLayer(1, 4)(x, x, reshape(keep, (size(x over 0), 1, size(x over 1)))).first",
              "DecoderLayer(1, 4)(x, x).first"),
          new Padded(
              "k = reshape(keep, (size(x over 0), size(x over 1), 1)); seen = permute(where(k, x, 0), (0, 2, 1)) |> Conv1d(4, 3, relu, pad = \"same\"); max(where(permute(k, (0, 2, 1)), seen, 0) over -1)",
              "seen = permute(x, (0, 2, 1)) |> Conv1d(4, 3, relu, pad = \"same\"); max(seen over -1)"),
          new Padded(
              "k = broadcast(reshape(keep, (size(x over 0), size(x over 1), 1)), x); mean(x over 1 where k)",
              "mean(x over 1)"));

  @ParameterizedTest
  @FieldSource("PADDED")
  void paddingChangesNeitherAResultNorAGradient(Padded padded) {
    int[] lengths = {4, 2};
    Random random = new Random(5);
    double[] x = random.doubles(2 * STEPS * FEATURES, -1, 1).toArray();
    double[] keep = new double[2 * STEPS];
    Equation batch = new Equation("input x: f32[2, 4, 3]; input keep: bool[2, 4]", padded.layer);
    Map<String, double[]> values = parameters(batch);
    for (int row = 0; row < 2; row++) {
      for (int step = 0; step < STEPS; step++) {
        keep[row * STEPS + step] = step < lengths[row] ? 1 : 0;
      }
    }
    Arrays.fill(x, (STEPS + 2) * FEATURES, x.length, 1e3); // the padding of the second
    values.put("x", x);
    values.put("keep", keep);

    List<Double> alone = new ArrayList<>();
    Map<String, double[]> gradients = new HashMap<>();
    for (int row = 0; row < 2; row++) {
      int from = row * STEPS * FEATURES;
      Equation one = new Equation("input x: f32[1, " + lengths[row] + ", 3]", padded.alone);
      Map<String, double[]> own = new HashMap<>(values);
      own.put("x", Arrays.copyOfRange(x, from, from + lengths[row] * FEATURES));
      Arrays.stream(one.value(own)).forEach(alone::add);
      for (TypedModel.Parameter parameter : one.model().parameters()) {
        gradients.merge(parameter.path(), one.gradient(parameter.path(), own), RecurrentTest::sum);
      }
    }
    assertThat(batch.value(values))
        .containsExactly(alone.stream().mapToDouble(d -> d).toArray(), within(EXACT));
    gradients.forEach((path, gradient) ->
        assertThat(batch.gradient(path, values)).containsExactly(gradient, within(1e-12)));
  }

  @Test
  void aTruncatedGradientIsThatOfWindowsThatHandOnTheirValues() {
    String step = "recur t over T { %s start h = %s; h[t] = tanh(h[t-1] @ W + x[t]) }; h";
    String cut =
        "layer Cut(x: [B, T, d]) { param W: [d, d]; "
            + step.formatted("truncate 3;", "x.first")
            + " }";
    String window =
        "layer Window(x: [B, T, d], s: [B, d]) { param W: [d, d]; "
            + step.formatted("", "s")
            + " }";
    String input = "input x: f32[2, 7, 3]";
    Equation truncated = new Equation(cut, input, "x |> Cut");
    Equation windows =
        new Equation(
            window,
            input,
            "l = Window(); a = l(x[.., 0..2], x.first); b = l(x[.., 3..5], stop_gradient(a.last)); "
                + "c = l(x[.., 6..6], stop_gradient(b.last)); concat(a, b, c over 1)");
    Random random = new Random(5);
    double[] x = random.doubles(2 * 7 * FEATURES, -1, 1).toArray();
    double[] weights = random.doubles(FEATURES * FEATURES, -1, 1).toArray();
    Map<String, double[]> of = Map.of("x", x, "cut1.W", weights);
    Map<String, double[]> by = Map.of("x", x, "l.W", weights);
    assertThat(truncated.value(of)).containsExactly(windows.value(by), within(EXACT));
    assertThat(truncated.gradient("cut1.W", of))
        .containsExactly(windows.gradient("l.W", by), within(EXACT));
    assertThat(truncated.gradient("x", of))
        .containsExactly(windows.gradient("x", by), within(EXACT));
  }

  /** Where the author writes a size as a dim, the axis has its name, and a block finds it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "reshape(x, (B, T, 2))",
        "rearrange(x, \"b (t c) -> b t c\", t = T)",
        "concat(reshape(x, (B, 3, 2)), broadcast(0, (B, T, 2)) over -1)[..., 0..1]"
      })
  void anAxisIsNamedByTheDimThatIsItsSize(String sequence) {
    Equation equation =
        new Equation(
            "dim B = 1; dim T = 3; input x: f32[B, 6]",
            "s = "
                + sequence
                + "; recur t over T {; start h: [B, 2] = 0; h[t] = 2 * h[t-1] + s[t]; }; h.last");
    assertThat(equation.value(Map.of("x", new double[] {1, 2, 3, 4, 5, 6})))
        .containsExactly(15, 22);
  }

  /** A learned start is the same for each row: its gradient is the sum over the batch. */
  @Test
  void aStartIsBroadcastToTheShapeOfItsState() {
    Equation equation =
        new Equation(
            "dim B = 2; dim T = 3; input x: f32[B, T, 2]; param h0: [2]",
            "recur t over T {; start h: [B, 2] = h0; h[t] = tanh(h[t-1] + x[t]); }; h");
    Map<String, double[]> values = parameters(equation);
    values.put("x", new Random(6).doubles(12, -1, 1).toArray());
    assertThat(equation.disagreement(values)).isEmpty();

    double[] h = equation.value(values);
    double h0 = Known.in(values, "h0")[0];
    double first = Math.tanh(h0 + Known.in(values, "x")[0]);
    double second = Math.tanh(h0 + Known.in(values, "x")[6]);
    assertThat(new double[] {h[0], h[6]})
        .containsExactly(new double[] {first, second}, within(EXACT));
  }

  @Test
  void theNumberOfAStepIsReadFromAllNumbers() {
    Equation equation =
        new Equation(
            "dim B = 1; dim T = 3; input x: f32[B, T, 1]",
            "recur t over T {; y[t] = x[t] * iota(T)[t]; }; y");
    assertThat(equation.value(Map.of("x", new double[] {5, 6, 7}))).containsExactly(0, 6, 14);
  }

  @Test
  void everyStepDrawsNumbersOfItsOwn() {
    Equation equation =
        new Equation(
                "layer L(x: [B, T, d]) { recur t over T { y[t] = dropout(x[t], 0.5) }; y }",
                "input x: f32[1, 64, 1]",
                "x |> L")
            .inTraining();
    double[] ones = new double[64];
    Arrays.fill(ones, 1);
    assertThat(equation.value(Map.of("x", ones))).contains(0.0).contains(2.0);
  }

  @Test
  void whereNothingIsKeptAStateStaysAsItWas() {
    Equation equation =
        new Equation(
            "input x: f32[1, 4, 3]; input keep: bool[1, 4]; input first: f32[1, 2]",
            "GRU(2)(x, keep, first)");
    Map<String, double[]> values = parameters(equation);
    values.put("x", new Random(1).doubles(STEPS * FEATURES).toArray());
    values.put("keep", new double[STEPS]);
    values.put("first", new double[] {0.25, -0.5});
    assertThat(equation.value(values))
        .containsExactly(0.25, -0.5, 0.25, -0.5, 0.25, -0.5, 0.25, -0.5);
  }

  @Test
  void aPeepholeLstmIsItsFormula() {
    Equation equation =
        new Equation("input x: f32[1, 2, 1]", "h, c = PeepholeLSTM(1)(x); concat(h, c)");
    Map<String, double[]> values = parameters(equation);
    values.put("x", new double[] {0.7, -0.4});
    Map<String, Double> p = new HashMap<>();
    values.forEach((path, elements) -> p.put(path.substring(path.indexOf('.') + 1), elements[0]));
    double h = 0;
    double c = 0;
    List<Double> expected = new ArrayList<>();
    for (double x : values.get("x")) {
      double f =
          sigmoid(
              h * Known.in(p, "Wf")
                  + x * Known.in(p, "Uf")
                  + c * Known.in(p, "pf")
                  + Known.in(p, "bf"));
      double i =
          sigmoid(
              h * Known.in(p, "Wi")
                  + x * Known.in(p, "Ui")
                  + c * Known.in(p, "pi")
                  + Known.in(p, "bi"));
      c = f * c + i * Math.tanh(h * Known.in(p, "Wc") + x * Known.in(p, "Uc") + Known.in(p, "bc"));
      double o =
          sigmoid(
              h * Known.in(p, "Wo")
                  + x * Known.in(p, "Uo")
                  + c * Known.in(p, "po")
                  + Known.in(p, "bo"));
      h = o * Math.tanh(c);
      expected.addAll(List.of(h, c));
    }
    assertThat(equation.value(values))
        .containsExactly(expected.stream().mapToDouble(d -> d).toArray(), within(EXACT));
  }

  @Test
  void gatedRecurrentUnitsAreTheirFormula() {
    Equation equation = new Equation("input x: f32[1, 3, 1]", "x |> GRU(1)");
    Map<String, double[]> values = parameters(equation);
    values.put("x", new double[] {0.7, -0.4, 1.1});
    Map<String, Double> p = new HashMap<>();
    values.forEach((path, elements) -> p.put(path.substring(path.indexOf('.') + 1), elements[0]));
    double h = 0;
    double[] expected = new double[3];
    for (int step = 0; step < 3; step++) {
      double x = values.get("x")[step];
      double z = sigmoid(h * Known.in(p, "Wz") + x * Known.in(p, "Uz") + Known.in(p, "bz"));
      double r = sigmoid(h * Known.in(p, "Wr") + x * Known.in(p, "Ur") + Known.in(p, "br"));
      double n = Math.tanh(r * h * Known.in(p, "W") + x * Known.in(p, "U") + Known.in(p, "b"));
      h = (1 - z) * h + z * n;
      expected[step] = h;
    }
    assertThat(equation.value(values)).containsExactly(expected, within(EXACT));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double[] sum(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
  }

  /** The same numbers for a path, whatever else the model has. */
  private static Map<String, double[]> parameters(Equation equation) {
    Map<String, double[]> values = new HashMap<>();
    for (TypedModel.Parameter parameter : equation.model().parameters()) {
      values.put(
          parameter.path(),
          new Random(parameter.path().hashCode())
              .doubles(parameter.shape().elements().constant(), -1, 1)
              .toArray());
    }
    return values;
  }
}
