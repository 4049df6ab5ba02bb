package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import nnc.cli.Workspace;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training with a trap stops at the kernel that makes the first number that is not finite. */
class TrapTest {
  private static final String CHECKPOINT = "/checkpoint.safetensors";

  @TempDir private Path directory;
  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() {
    workspace = new Workspace(directory);
  }

  private String variant(String name, String parameter, String summand, String optimizer) {
    workspace.write(
        name,
        Workspace.TINY
            .replace("  loss = mean(", "  " + parameter + "\n  loss = " + summand + " + mean(")
            .replace("Adam(lr = 1e-2)", optimizer));
    return "@" + name;
  }

  @Test
  void aTrainingThatMeetsNoneIsTheSame() {
    assertThat(workspace.nnc("train", "@tiny.nn", "--out", "@plain").code()).isZero();
    assertThat(workspace.nnc("train", "@tiny.nn", "--trap", "nan", "--out", "@trap").code())
        .isZero();
    assertThat(workspace.bytes("trap" + CHECKPOINT))
        .isEqualTo(workspace.bytes("plain" + CHECKPOINT));
  }

  /** At 0 the root's slope is infinite: the loss is finite, and 0 times infinity is none. */
  @Test
  void theKernelIsToldWithItsLineAndWhatItRead() {
    String model = variant("root.nn", "param w: [3] ~ zeros", "sqrt(sum(w^2))", "SGD(lr = 1e-2)");
    Workspace.Result result = workspace.nnc("train", model, "--trap", "nan", "--out", "@run");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("error[trap]: the kernel 'd_w' makes NaN at step 1 (epoch 1)")
        .contains("root.nn:10:19")
        .contains("loss = sqrt(sum(w^2)) + mean(cross_entropy(logits, y))")
        .contains("δw = ")
        .containsPattern("= reads\n +w\\[3\\] +min 0.0000   max 0.0000   mean 0.0000\n")
        .containsPattern("= writes\n(.*\n)* +d_w\\[3\\] +not finite: 3 of 3\n");
    assertThat(result.out())
        .contains("stopped after step 0, in epoch 1 of 3")
        .contains("to go on: ");
  }

  /** Eight steps an epoch, each of which makes w a hundred times larger: beyond a float's range in the 20th. */
  @Test
  void theCheckpointIsThatOfTheStepBefore() {
    String model = variant("grow.nn", "param w: [3] ~ ones", "tanh(sum(w))", "Grow");
    workspace.write(
        "grow.nn", workspace.read("grow.nn") + "optimizer Grow { w = 100 * w - 0 * g }\n");
    Workspace.Result result = workspace.nnc("train", model, "--trap", "nan", "--out", "@run");
    assertThat(result.err())
        .contains("error[trap]: the kernel 'grow' makes ")
        .contains("at step 20 (epoch 3)")
        .contains("w = 100·w");
    assertThat(result.out()).contains("stopped after step 19, in epoch 3 of 3");
    assertThat(Safetensors.read(workspace.path("run" + CHECKPOINT)).floats("w")[0])
        .isFinite()
        .isGreaterThan(1e37f);
    Workspace.Result again =
        workspace.nnc("train", model, "--trap", "nan", "--out", "@run", "--resume");
    assertThat(again.err()).isEqualTo(result.err());
  }

  @Test
  void accumulatedBatchesOfTheStepAreNotLost() {
    String model = variant("grow.nn", "param w: [3] ~ ones", "tanh(sum(w))", "Grow");
    workspace.write(
        "grow.nn",
        workspace.read("grow.nn").replace("epochs 3", "epochs 20\n  accumulate 3")
            + "optimizer Grow { w = 100 * w - 0 * g }\n");
    Workspace.Result result = workspace.nnc("train", model, "--trap", "nan", "--out", "@run");
    assertThat(result.err()).contains("error[trap]: the kernel 'grow' makes ");
    Workspace.Result again =
        workspace.nnc("train", model, "--trap", "nan", "--out", "@run", "--resume");
    assertThat(again.err()).isEqualTo(result.err());
  }

  @Test
  void ofARecurrenceTheStepIsTold() {
    workspace.write(
        "steps.nn",
        """
        model Steps {
          dim B = 4
          dim T = 6
          input x: f32[B, 3]
          input y: i32[B]
          param W: [3, 2]
          s = reshape(stack(x, x, x, x, x, x over 1), (B, T, 3))
          recur t over T {
            start n: [] = 0
            start h: [B, 3] = 0
            n[t] = n[t-1] + 1
            h[t] = tanh(h[t-1]) + s[t] / max(4 - n[t], 0)^2
          }
          logits = tanh(h.last) @ W
          loss = mean(cross_entropy(logits, y))
        }
        train Steps {
          data csv("rows.csv") { x = columns(0..2) + 2; y = column("label") }
          optimizer SGD(lr = 1e-2)
          epochs 1
        }
        """);
    Workspace.Result result = workspace.nnc("train", "@steps.nn", "--trap", "nan");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("makes Infinity at step 1 (epoch 1), in step 3 of its loop, counted from 0")
        .contains("steps.nn:12:")
        .contains("h[t] = tanh(h[t-1])");
    assertThat(result.out()).contains("nothing was kept, since there is no --out");
  }

  /** Of a mask that is stored, since the softmax and something else read it. */
  @Test
  void anInfinityThatTheModelWritesIsNone() {
    workspace.variant(
        "mask.nn",
        "logits = hidden |> Dense(2)",
        """
        all = hidden |> Dense(4)
          seen = where(iota(4) < 2, all, -infinity)
          p4 = softmax(seen)
          logits = p4 @ p4.T @ (hidden |> Dense(2))\
        """);
    Workspace.Result result = workspace.nnc("train", "@mask.nn", "--trap", "nan");
    assertThat(result.err()).doesNotContain("error");
    assertThat(result.code()).isZero();
  }
}
