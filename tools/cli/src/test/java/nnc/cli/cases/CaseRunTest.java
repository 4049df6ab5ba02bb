package nnc.cli.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import nnc.cli.Workspace;
import nnc.runtime.Safetensors;
import nnc.runtime.SafetensorsWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaseRunTest {
  /** Every dim is another one than in the case below. */
  private static final String MODEL =
      """
      model M {
        dim B = 64
        dim D = 10
        dim H = 128
        input x: f32[B, D]
        input y: i32[B]
        param scale: [D] ~ ones
        logits = x * scale |> Dense(H, tanh) |> Dense(3)
        output logits
        loss = mean(cross_entropy(logits, y))
      }
      train M { optimizer Momentum(lr = 0.1) }
      """;

  @TempDir Path directory;

  private Workspace workspace;

  @BeforeEach
  void writeModel() {
    workspace = new Workspace(directory);
    workspace.write("m.nn", MODEL);
  }

  private static float[] numbers(int count, double first) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Math.sin(first + 1.3 * i);
    }
    return numbers;
  }

  /** Five rows of two, four hidden units. */
  private static SafetensorsWriter goodCase() {
    return around(Safetensors.writer().add("input.y", new int[] {5}, new int[] {0, 1, 2, 1, 0}));
  }

  private static SafetensorsWriter around(SafetensorsWriter labels) {
    return labels
        .add("input.x", new int[] {5, 2}, numbers(10, 0), 0)
        .add("param.scale", new int[] {2}, numbers(2, 1), 0)
        .add("param.dense1.W", new int[] {2, 4}, numbers(8, 2), 0)
        .add("param.dense1.b", new int[] {4}, numbers(4, 3), 0)
        .add("param.dense2.W", new int[] {4, 3}, numbers(12, 4), 0);
  }

  private static SafetensorsWriter wholeCase() {
    return goodCase().add("param.dense2.b", new int[] {3}, numbers(3, 5), 0);
  }

  private Workspace.Result run(SafetensorsWriter tensors, String... more) {
    tensors.write(workspace.path("case.safetensors"));
    String[] line =
        List.of("run", "@m.nn", "--from", "@case.safetensors", "--to", "@out.safetensors")
            .toArray(new String[6 + more.length]);
    System.arraycopy(more, 0, line, 6, more.length);
    return workspace.nnc(line);
  }

  private Safetensors results() {
    return Safetensors.read(workspace.path("out.safetensors"));
  }

  @Test
  void dimsTakeTheirSizesFromTheFile() {
    assertThat(run(wholeCase(), "--steps", "2").code()).isZero();
    assertThat(results().names())
        .contains(
            "output.logits", "loss", "grad.scale", "grad.dense1.W", "step1.scale", "step2.dense2.b")
        .doesNotContain("step3.scale", "input.x");
    assertThat(results().tensor("output.logits").toString()).isEqualTo("output.logits: F32[5, 3]");
    assertThat(results().tensor("grad.dense1.W").shape()).containsExactly(2, 4);
  }

  @Test
  void outputsMayBeWhatIsStored() {
    workspace.write(
        "m.nn",
        """
        model M {
          dim B = 2
          input x: f32[B, 3]
          param w: [3]
          buffer m: [3] = 2
          output same = w
          output one = w[1] * 1
          output kept = m
          output slope = grad(sum(w * x), x)
          loss = w[2]
        }
        """);
    Workspace.Result result =
        run(
            Safetensors.writer()
                .add("input.x", new int[] {2, 3}, numbers(6, 0), 0)
                .add("param.w", new int[] {3}, new float[] {1, 2, 3}, 0)
                .add("param.m", new int[] {3}, new float[] {4, 5, 6}, 0));
    assertThat(result.code()).isZero();
    assertThat(results().floats("output.same")).containsExactly(1, 2, 3);
    assertThat(results().floats("output.one")).containsExactly(2);
    assertThat(results().floats("output.kept")).containsExactly(4, 5, 6);
    assertThat(results().floats("output.slope")).containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(results().floats("loss")).containsExactly(3);
    assertThat(results().floats("grad.w")).containsExactly(0, 0, 1);
  }

  @Test
  void theInterpreterGivesTheSameInDoublePrecision() {
    run(wholeCase(), "--steps", "3");
    Safetensors generated = results();
    run(wholeCase(), "--steps", "3", "--interpret");
    Safetensors exact = results();
    assertThat(exact.names()).isEqualTo(generated.names());
    for (String name : exact.names()) {
      assertThat(exact.tensor(name).dtype()).isEqualTo("F64");
      assertThat(exact.tensor(name).shape()).isEqualTo(generated.tensor(name).shape());
      double[] expected = exact.doubles(name);
      for (int i = 0; i < expected.length; i++) {
        assertThat(generated.doubles(name)[i])
            .as(name)
            .isCloseTo(expected[i], within(5e-6 + 5e-5 * Math.abs(expected[i])));
      }
    }
  }

  @Test
  void aCaseIsNotOverwrittenByItsResults() {
    wholeCase().write(workspace.path("case.safetensors"));
    byte[] before = workspace.bytes("case.safetensors");
    String[] line = {"run", "@m.nn", "--from", "@case.safetensors", "--to", "@case.safetensors"};
    Workspace.Result result = workspace.nnc(line);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--to is the file of --from");
    assertThat(workspace.bytes("case.safetensors")).isEqualTo(before);
  }

  @Test
  void theDirectoryOfTheResultsIsMade() {
    wholeCase().write(workspace.path("case.safetensors"));
    Workspace.Result result =
        workspace.nnc(
            "run", "@m.nn", "--from", "@case.safetensors", "--to", "@new/dir/out.safetensors");
    assertThat(result.err()).isEmpty();
    assertThat(workspace.path("new/dir/out.safetensors")).exists();
  }

  @Test
  void sizesThatContradictEachOtherAreNamed() {
    Workspace.Result result =
        run(
            Safetensors.writer()
                .add("input.x", new int[] {5, 2}, numbers(10, 0), 0)
                .add("input.y", new int[] {4}, new int[4]));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("the dim 'B' would have two sizes, 5 and 4")
        .contains("input.x [5, 2]")
        .contains("input.y [4]");
    assertThat(workspace.path("out.safetensors")).doesNotExist();
  }

  @Test
  void aHiddenSizeThatContradictsItselfIsNamed() {
    Workspace.Result result =
        run(
            Safetensors.writer()
                .add("param.dense1.W", new int[] {2, 4}, numbers(8, 0), 0)
                .add("param.dense1.b", new int[] {6}, numbers(6, 0), 0));
    assertThat(result.err()).contains("the dim 'H' would have two sizes, 4 and 6");
  }

  @Test
  void aSizeThatIsSetMustBeThatOfTheFile() {
    assertThat(run(wholeCase(), "--set", "B=7").err())
        .contains("two sizes, 7 and 5")
        .contains("7 by --set");
  }

  @Test
  void aMissingTensorIsNamed() {
    assertThat(run(goodCase()).err())
        .contains("'param.dense2.b'")
        .contains("expected a tensor of this name");
  }

  @Test
  void anUnknownTensorIsNamed() {
    Workspace.Result result = run(wholeCase().add("param.dense2.bb", new int[0], new float[1], 0));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("'param.dense2.bb'")
        .contains("did you mean 'param.dense2.b'?");
  }

  @Test
  void aShapeThatNoDimExplainsIsTold() {
    Workspace.Result result =
        run(goodCase().add("param.dense2.b", new int[] {4}, numbers(4, 0), 0));
    assertThat(result.err())
        .contains("'param.dense2.b': expected shape [3], as the model declares, found shape [4]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--interpret"})
  void aParameterInDoublePrecisionIsRefusedSinceItWouldBeRounded(String option) {
    SafetensorsWriter tensors =
        goodCase().add("param.dense2.b", new int[] {3}, new double[] {0.1, 0.2, 0.3});
    Workspace.Result result = option.isEmpty() ? run(tensors) : run(tensors, option);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "'param.dense2.b': expected type F32, F16, BF16, of which each is exact as f32, found F64")
        .contains("write it as F32");
    assertThat(workspace.path("out.safetensors")).doesNotExist();
  }

  @Test
  void idsAreWholeNumbersInTheFileToo() {
    Workspace.Result result =
        run(
            around(
                    Safetensors.writer()
                        .add("input.y", new int[] {5}, new float[] {0, 1, 2, 1, 0}, 0))
                .add("param.dense2.b", new int[] {3}, numbers(3, 5), 0));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "'input.y': expected type I32, I64, I16, I8, U8, of which each is exact as i32, found F32");
  }

  @Test
  void idsOutOfRangeAreTold() {
    Workspace.Result result =
        run(
            Safetensors.writer()
                .add("input.x", new int[] {1, 2}, numbers(2, 0), 0)
                .add("input.y", new int[] {1}, new int[] {3})
                .add("param.scale", new int[] {2}, numbers(2, 1), 0)
                .add("param.dense1.W", new int[] {2, 1}, numbers(2, 2), 0)
                .add("param.dense1.b", new int[] {1}, numbers(1, 3), 0)
                .add("param.dense2.W", new int[] {1, 3}, numbers(3, 4), 0)
                .add("param.dense2.b", new int[] {3}, numbers(3, 5), 0));
    assertThat(result.err())
        .contains("tensor 'input.y': expected whole numbers from 0 to 2, found 3 in row 0");
  }

  private static final String LOOKUP =
      """
      model M {
        dim B = 2
        input x: i32[B]
        param E: [3, 2]
        output e = E[x + 1]
      }
      """;

  @Test
  void computedIdsOutOfRangeAreTold() {
    workspace.write("m.nn", LOOKUP);
    SafetensorsWriter rows =
        Safetensors.writer()
            .add("input.x", new int[] {2}, new int[] {1, 2})
            .add("param.E", new int[] {3, 2}, numbers(6, 0), 0);
    String wrong =
        "m.nn:5: e = E[x + 1]: in row 1 of the batch id 3 is looked up, expected a whole number from 0 to 2";
    Workspace.Result generated = run(rows);
    assertThat(generated.code()).isEqualTo(1);
    assertThat(generated.err()).contains(wrong).contains("help: ids that are computed");
    Workspace.Result interpreted = run(rows, "--interpret");
    assertThat(interpreted.code()).isEqualTo(1);
    assertThat(interpreted.err()).contains(wrong);
  }

  @Test
  void aModelWithoutAnOptimizerRunsButMakesNoSteps() {
    workspace.write("m.nn", MODEL.replaceAll("(?s)train M.*", ""));
    assertThat(run(wholeCase()).code()).isZero();
    assertThat(results().has("grad.dense1.W")).isTrue();
    Workspace.Result steps = run(wholeCase(), "--steps", "1");
    assertThat(steps.code()).isEqualTo(1);
    assertThat(steps.err()).contains("steps are made by an optimizer");
  }
}
