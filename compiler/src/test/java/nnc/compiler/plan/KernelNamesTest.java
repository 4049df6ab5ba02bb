package nnc.compiler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

/** Kernels are called after what they compute. */
class KernelNamesTest {
  private static List<String> kernels(String text) {
    return Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT)
        .plan()
        .kernels()
        .stream()
        .map(kernel -> kernel.head().name())
        .toList();
  }

  private static String classifier(String metrics) {
    return """
    model M {
      dim B = 4
      input x: f32[B, 3]
      input y: i32[B]
      z = x |> Dense(5, tanh) |> Dense(3)
      output guess = argmax(z)
      loss = mean(cross_entropy(z, y))
      %s
    }
    train M { optimizer SGD }
    """
        .formatted(metrics);
  }

  @Test
  void gradientsAreThoseOfTheParameters() {
    assertThat(kernels(classifier("")))
        .containsExactly(
            "dense1",
            "z",
            "guess",
            "d_z",
            "loss",
            "d_dense2_b",
            "d_dense2_W",
            "delta_dense1",
            "d_dense1_b",
            "d_dense1_W",
            "sgd");
  }

  @Test
  void lossAndMetricsOfOneKernelAreNamedInThisOrder() {
    assertThat(kernels(classifier("metric accuracy = mean(guess == y)")))
        .contains("loss_and_accuracy")
        .doesNotContain("loss", "accuracy");
    assertThat(
            kernels(
                classifier("metric hits = sum(guess == y)\n  metric accuracy = mean(guess == y)")))
        .contains("loss_and_2_more");
  }

  @Test
  void loopsOverStepsAreCalledAfterTheirStateAndWhatIsMergedAfterItsParts() {
    List<String> names =
        kernels(
            """
            layer Gate(n)(x: [B, T, in]) {
              param Wf, Wi: [n, n]
              param Uf, Ui: [in, n]
              recur t over T {
                start h: [B, n] = 0
                f = sigmoid(h[t-1] @ Wf + x[t] @ Uf)
                h[t] = f * h[t-1] + tanh(h[t-1] @ Wi + x[t] @ Ui)
              }
              h
            }
            model M {
              dim B = 4
              dim T = 6
              input x: f32[B, T, 3]
              y = x |> Gate(5)
              output last = y.last
              loss = mean(last^2)
            }
            train M { optimizer SGD }
            """);
    assertThat(names)
        .contains("x_T", "gate1_Wf_Wi", "gate1_Uf_Ui", "steps_of_gate1_h", "steps_of_d_h")
        .contains("d_gate1_Wf_Wi", "d_gate1_Wf", "d_gate1_Wi", "d_gate1_Uf", "d_gate1_Ui");
    assertThat(names).doesNotHaveDuplicates();
    assertThat(Stream.of("recur", "concat", "keep", "permute"))
        .noneMatch(op -> names.stream().anyMatch(name -> name.startsWith(op)));
  }
}
