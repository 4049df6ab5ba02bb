package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Uniform;
import nnc.compiler.source.CompileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers of the library. */
class LayersTest {
  @Test
  void everyCallOfASharedLayerDrawsNumbersOfItsOwn() {
    Equation equation =
        new Equation("input x: f32[1, 64]", "drop = Dropout(0.5); concat(drop(x), drop(x))")
            .inTraining();
    double[] ones = new double[64];
    Arrays.fill(ones, 1);
    double[] dropped = equation.value(Map.of("x", ones));
    assertThat(Arrays.copyOfRange(dropped, 0, 64))
        .isNotEqualTo(Arrays.copyOfRange(dropped, 64, 128));
  }

  private static final double[] X = {0.3, -1.2, 2.1, -0.4, 1.6, -2.2};

  @Test
  void denseIsAnAffineMapAndItsActivation() {
    Equation equation = new Equation("input x: f32[2, 3]", "x |> Dense(2, relu)");
    Map<String, double[]> values =
        Map.of(
            "x",
            X,
            "dense1.W",
            new double[] {1, 2, 3, 4, 5, 6},
            "dense1.b",
            new double[] {0.5, -30});
    double[] expected = {0.3 - 3.6 + 10.5 + 0.5, 0, 0, 0};
    assertThat(equation.value(values)).containsExactly(expected, within(1e-12));
    assertThat(equation.disagreement(values)).isEmpty();
  }

  @Test
  void denseActsOnTheLastAxisOfAnyNumber() {
    Equation equation = new Equation("input x: f32[2, 1, 3]", "x |> Dense(5)");
    assertThat(equation.shape()).containsExactly(2, 1, 5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Dense(2, bias = false)(x[.., .., 0])",
        "x |> Conv1d(2, 2, bias = false)",
        "reshape(x, (2, 3, 4, 1)) |> Conv2d(2, 1, bias = false)"
      })
  void aLayerWithoutBiasHasOneParameterLess(String layer) {
    assertThat(new Equation("input x: f32[2, 3, 4]", layer).model().parameters()).hasSize(1);
  }

  @Test
  void whetherThereIsAParameterIsKnownBeforeRunning() {
    CompileException e =
        catchThrowableOfType(
            CompileException.class,
            () -> new Equation("input x: f32[2, 3]", "param b: [3] if sum(x) > 0; x + b"));
    assertThat(e.diagnostics().getFirst().message())
        .isEqualTo("whether there is a parameter is known before running");
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheirDistribution() {
    double[] drawn =
        new Equation("input x: f32[200, 100]", "normal_like(x)")
            .value(Map.of("x", new double[20_000]));
    assertThat(mean(drawn)).isCloseTo(0, within(0.03)); // four standard errors
    assertThat(variance(drawn)).isCloseTo(1, within(0.04));
    assertThat(Arrays.stream(drawn).filter(z -> z < -1).count() / 20_000.0)
        .isCloseTo(0.1587, within(0.011));
  }

  @Test
  void idsAreDrawnByTheirWeights() {
    Equation equation = new Equation("input w: f32[3]", "categorical(w, (100, 80))");
    double[] ids = equation.value(Map.of("w", new double[] {1, 0, 3}));
    assertThat(equation.shape()).containsExactly(100, 80);
    assertThat(Arrays.stream(ids).filter(id -> id == 1).count()).isZero();
    assertThat(Arrays.stream(ids).filter(id -> id == 2).count() / 8000.0)
        .isCloseTo(0.75, within(0.02));
  }

  @Test
  void anEmbeddingHoldsAVectorForEachId() {
    Equation equation = new Equation("input ids: i32[2, 2]", "ids |> Embedding(3, 2)");
    Map<String, double[]> values =
        Map.of("ids", new double[] {2, 0, 2, 1}, "embedding1.E", new double[] {1, 2, 3, 4, 5, 6});
    assertThat(equation.shape()).containsExactly(2, 2, 2);
    assertThat(equation.value(values)).containsExactly(5, 6, 1, 2, 5, 6, 3, 4);
    assertThat(equation.disagreement(values)).isEmpty();
  }

  @Test
  void layerNormScalesAndShiftsEachRow() {
    Equation equation = new Equation("input x: f32[2, 3]", "x |> LayerNorm(eps = 0.01)");
    Map<String, double[]> values =
        Map.of(
            "x",
            X,
            "layer_norm1.gain",
            new double[] {1, 2, 3},
            "layer_norm1.bias",
            new double[] {0.1, 0.2, 0.3});
    double[] expected = new double[6];
    for (int row = 0; row < 2; row++) {
      double[] own = Arrays.copyOfRange(X, 3 * row, 3 * row + 3);
      double mean = Arrays.stream(own).average().orElseThrow();
      double variance =
          Arrays.stream(own).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
      for (int c = 0; c < 3; c++) {
        expected[3 * row + c] =
            (own[c] - mean) / Math.sqrt(variance + 0.01) * (c + 1) + (c + 1) / 10.0;
      }
    }
    assertThat(equation.value(values)).containsExactly(expected, within(1e-12));
    assertThat(equation.disagreement(values)).isEmpty();
  }

  /** Three rows of two channels with two places each; a channel's values, by hand. */
  private static final double[] IMAGES = {
    0.3, -1.2, 2.1, -0.4, 1.6, -2.2, 0.5, 0.9, -0.7, 1.1, 3.0, -1.5
  };

  private static final double[][] CHANNELS = {
    {0.3, -1.2, 1.6, -2.2, -0.7, 1.1}, {2.1, -0.4, 0.5, 0.9, 3.0, -1.5}
  };

  private static final Map<String, double[]> BATCH_NORM =
      Map.of(
          "x", IMAGES,
          "batch_norm1.mean", new double[] {0.1, -0.2},
          "batch_norm1.variance", new double[] {1.5, 0.7},
          "batch_norm1.gain", new double[] {2, 3},
          "batch_norm1.bias", new double[] {0.5, -0.5});

  private static Equation batchNorm() {
    return new Equation(
        "dim B = 3; input x: f32[B, 2, 1, 2]", "x |> BatchNorm(momentum = 0.2, eps = 0.01)");
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }

  private static double[] normalised(double[] means, double[] variances) {
    double[] expected = new double[12];
    for (int i = 0; i < 12; i++) {
      int c = i / 2 % 2;
      double gain = c == 0 ? 2 : 3;
      double bias = c == 0 ? 0.5 : -0.5;
      expected[i] = (IMAGES[i] - means[c]) / Math.sqrt(variances[c] + 0.01) * gain + bias;
    }
    return expected;
  }

  @Test
  void batchNormUsesTheBatchInTrainingAndRunningStatisticsOtherwise() {
    double[] means = Arrays.stream(CHANNELS).mapToDouble(LayersTest::mean).toArray();
    double[] variances = Arrays.stream(CHANNELS).mapToDouble(LayersTest::variance).toArray();
    assertThat(batchNorm().inTraining().value(BATCH_NORM))
        .containsExactly(normalised(means, variances), within(1e-12));
    assertThat(batchNorm().value(BATCH_NORM))
        .containsExactly(
            normalised(new double[] {0.1, -0.2}, new double[] {1.5, 0.7}), within(1e-12));
  }

  @Test
  void batchNormAveragesTheStatisticsOfBatches() {
    Equation training = batchNorm().inTraining();
    assertThat(training.update("batch_norm1.mean", BATCH_NORM))
        .containsExactly(
            new double[] {
              0.8 * 0.1 + 0.2 * mean(CHANNELS[0]), 0.8 * -0.2 + 0.2 * mean(CHANNELS[1])
            },
            within(1e-12));
    assertThat(training.update("batch_norm1.variance", BATCH_NORM))
        .containsExactly(
            new double[] {
              0.8 * 1.5 + 0.2 * variance(CHANNELS[0]) * 6 / 5,
              0.8 * 0.7 + 0.2 * variance(CHANNELS[1]) * 6 / 5
            },
            within(1e-12));
  }

  @Test
  void theGradientOfBatchNormGoesThroughTheStatisticsOfTheBatch() {
    assertThat(batchNorm().inTraining().disagreement(BATCH_NORM)).isEmpty();
    assertThat(batchNorm().disagreement(BATCH_NORM)).isEmpty();
  }

  @Test
  void batchNormOfRowsNormalisesColumns() {
    Equation rows = new Equation("dim B = 2; input x: f32[B, 3]", "x |> BatchNorm(eps = 0)");
    double[] columns =
        rows.inTraining()
            .value(
                Map.of(
                    "x", X,
                    "batch_norm1.mean", new double[3],
                    "batch_norm1.variance", new double[3],
                    "batch_norm1.gain", new double[] {1, 1, 2},
                    "batch_norm1.bias", new double[] {0, 0, 1}));
    assertThat(columns).containsExactly(new double[] {1, -1, 3, -1, 1, -1}, within(1e-12));
  }

  @Test
  void parametersStartAsTheLayerSays() {
    List<TypedModel.Parameter> parameters =
        new Equation("input x: f32[2, 3]", "x |> Dense(2) |> LayerNorm").model().parameters();
    assertThat(parameters)
        .extracting(parameter -> parameter.path() + " ~ " + parameter.initialiser().text())
        .containsExactly(
            "dense1.W ~ glorot_uniform",
            "dense1.b ~ zeros",
            "layer_norm1.gain ~ ones",
            "layer_norm1.bias ~ zeros");
  }

  @Test
  void dropoutIsOffInInference() {
    Equation equation = new Equation("input x: f32[2, 3]", "x |> Dropout(0.5)");
    assertThat(equation.value(Map.of("x", X))).containsExactly(X);
  }

  /** Training values, with random numbers that are given. */
  private static double[] trained(Equation equation, Node node, double... drawn) {
    Map<String, Tensor> x = Map.of("x", new Tensor(equation.shape(), X));
    Interpreter interpreter =
        new Interpreter(
            Map.of(), x, (_, values) -> System.arraycopy(drawn, 0, values, 0, drawn.length));
    return Known.in(interpreter.run(Graph.of(Map.of("y", node))), "y").values();
  }

  @Test
  void dropoutScalesWhatItLeaves() {
    Equation equation = new Equation("input x: f32[2, 3]", "x |> Dropout(0.75)");
    Node dropped = Known.in(equation.model().training().outputs(), "result");
    double[] expected = {0, 4 * -1.2, 0, 4 * -0.4, 0, 0}; // 0.75 is not below 0.75
    assertThat(trained(equation, dropped, 0, 0.75, 0.74, 0.9, 0.1, 0.2))
        .containsExactly(expected, within(1e-12));
  }

  @Test
  void theGradientPassesWhereDropoutDid() {
    Equation equation = new Equation("input x: f32[2, 3]", "dropout(x, 0.5)");
    Node dropped = Known.in(equation.model().training().outputs(), "result");
    Node x = equation.model().inputs().getFirst().node();
    Node gradient = Known.in(new Gradients().of(dropped.sum(List.of(0, 1)), List.of(x)), x);
    assertThat(trained(equation, gradient, 0, 0.9, 0, 0.9, 0, 0.9))
        .containsExactly(0, 2, 0, 2, 0, 2);
  }

  @Test
  void eachDropoutDrawsNumbersOfItsOwn() {
    Node twice =
        new Equation("input x: f32[2, 3]", "x |> Dropout |> Dropout")
            .model()
            .training()
            .outputs()
            .get("result");
    List<String> paths =
        Graph.needed(List.of(twice)).stream()
            .filter(node -> node.op() instanceof Uniform)
            .map(node -> ((Uniform) node.op()).path())
            .toList();
    assertThat(paths).containsExactly("dropout1.uniform1", "dropout2.uniform1");
  }
}
