package nnc.compiler.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.RandomValues;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Tensor;
import nnc.compiler.source.Source;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who computes what the lines say, with pencil and paper, finds the gradient. */
final class DerivationValuesTest {
  private static final int ROWS = 7;
  private static final int STEPS = 5;
  private static final Offset<Double> CLOSE = Offset.offset(1e-9);

  private static final String NEURON =
      """
      model Neuron {
        dim B = 7
        input x: f32[B, 4]
        input y: f32[B]
        param w: [4] ~ glorot_uniform
        param b: [] ~ zeros
        z = x @ w + b
        loss = binary_cross_entropy(z, y)
      }
      """;

  private static final String PERCEPTRON =
      """
      model Perceptron {
        dim B = 7
        input x: f32[B, 4]
        input y: f32[B, 3]
        hidden = x |> Dense(6, tanh)
        other = hidden |> Dense(8, relu)
        loss = mse(other |> Dense(3), y)
      }
      """;

  /** Softmax along rows of its own, and of cross entropy. */
  private static final String HEAD =
      """
      model Head {
        dim B = 7
        input q: f32[B, 4]
        input memory: f32[9, 6]
        input wanted: f32[B, 8]
        param Wq: [4, 5] ~ glorot_uniform
        param Wk: [6, 5] ~ glorot_uniform
        param Wv: [6, 8] ~ glorot_uniform
        scores = (q @ Wq) @ (memory @ Wk).T / sqrt(5)
        weights = softmax(scores)
        z = weights @ (memory @ Wv)
        p = softmax(z)
        loss = -mean(sum(wanted * log(p) over -1))
      }
      """;

  private static final String RECURRENT =
      """
      model Recurrent {
        dim B = 7
        input x: f32[B, 5, 4]
        input y: f32[B, 3]
        h = x |> RNN(6)
        loss = mse(h[.., 4] |> Dense(3), y)
      }
      """;

  private static final String GATED =
      """
      model Gated {
        dim B = 7
        input x: f32[B, 5, 4]
        input y: f32[B, 3]
        h = x |> LSTM(6)
        loss = mse(h[.., 4] |> Dense(3), y)
      }
      """;

  @ParameterizedTest
  @ValueSource(strings = {NEURON, PERCEPTRON, HEAD, RECURRENT, GATED})
  void theLinesComputeTheGradient(String text) {
    Compilation compilation =
        Compiler.compile(
            Project.of(new Source("model.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
    Derivation derivation = Derivations.of(compilation);
    Map<String, Tensor> given = new HashMap<>(RandomValues.inputs(compilation.model(), ROWS, 1));
    given.putAll(RandomValues.parameters(compilation.model(), 1));
    Map<String, Tensor> expected =
        new Interpreter(RandomValues.extents(compilation.model(), ROWS), given)
            .run(compilation.gradient());
    Evaluation evaluation = new Evaluation(Map.of("B", ROWS, "T", STEPS), given);
    evaluation.run(derivation.values());
    evaluation.run(derivation.gradients());
    assertThat(derivation.results()).isNotEmpty();
    derivation
        .results()
        .forEach((root, result) -> {
          double[] gradient = Known.in(expected, root).values();
          assertThat(evaluation.of(result.steps()).values())
              .as(root)
              .containsExactly(gradient, CLOSE);
          result
              .whole()
              .ifPresent(whole ->
                  assertThat(evaluation.of(whole).values())
                      .as(root + " over values")
                      .containsExactly(gradient, CLOSE));
        });
  }
}
