package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Attention and the layers of the Transformer: formulas by hand, gradients against differences. Values of whole layers: models/golden. */
class AttentionTest {
  static final List<String> LAYERS =
      List.of(
          "attention(x, y, y * 2)",
          "attention(x, y, y^2, iota(5) < 4)",
          "MultiHeadAttention(2)(x, y)",
          "MultiHeadAttention(4)(x, y, iota(5) >= 1)",
          "x |> SelfAttention(2)",
          "SelfAttention(1)(x, causal(3))",
          "x |> FeedForward(5, gelu)",
          "EncoderLayer(2, 5, activation = tanh)(x, causal(3))",
          "DecoderLayer(2, 5, activation = silu)(x, y)",
          "DecoderLayer(1, 3, activation = tanh)(x, y, iota(5) < 3)",
          "x |> PositionalEncoding");

  @ParameterizedTest
  @FieldSource("LAYERS")
  void gradientsAgreeWithDifferences(String expression) {
    Equation equation = new Equation("input x: f32[2, 3, 4]; input y: f32[2, 5, 4]", expression);
    Random random = new Random(3);
    Map<String, double[]> values = new HashMap<>();
    values.put("x", random.doubles(2 * 3 * 4, -1, 1).toArray());
    values.put("y", random.doubles(2 * 5 * 4, -1, 1).toArray());
    for (TypedModel.Parameter parameter : equation.model().parameters()) {
      int elements = parameter.shape().elements().constant();
      values.put(parameter.path(), random.doubles(elements, -1, 1).toArray());
    }
    assertThat(equation.shape()).containsExactly(2, 3, 4);
    assertThat(equation.disagreement(values)).isEmpty();
  }

  @Test
  void attentionIsTheWeightedMeanOfTheValues() {
    double[] q = {0.5, -1, 2, 0.3};
    double[] k = {1, 0.2, -0.7, 0.4, 0.1, 0.9};
    double[] v = {1, 2, 3};
    double[] expected = new double[2];
    for (int i = 0; i < 2; i++) {
      double total = 0;
      for (int j = 0; j < 2; j++) { // the third key is not kept
        double weight =
            Math.exp((q[2 * i] * k[2 * j] + q[2 * i + 1] * k[2 * j + 1]) / Math.sqrt(2));
        expected[i] += weight * v[j];
        total += weight;
      }
      expected[i] /= total;
    }
    Equation equation =
        new Equation(
            "input q: f32[2, 2]; input k: f32[3, 2]; input v: f32[3, 1]",
            "attention(q, k, v, iota(3) < 2)");
    assertThat(equation.value(Map.of("q", q, "k", k, "v", v)))
        .containsExactly(expected, within(1e-13));
  }

  @Test
  void positionsAreSinesAndCosines() {
    double[] expected = new double[5 * 6];
    for (int place = 0; place < 5; place++) {
      for (int feature = 0; feature < 6; feature++) {
        double angle = place / Math.pow(10000, feature / 2 * 2 / 6.0);
        expected[6 * place + feature] = feature % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
      }
    }
    assertThat(new Equation("dim N = 5", "positions(N, 6)").value(Map.of()))
        .containsExactly(expected, within(1e-12));
  }
}
