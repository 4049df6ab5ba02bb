package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import nnc.runtime.Safetensors;
import nnc.runtime.SafetensorsWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever loads a checkpoint refuses tensors that the model has no place for. */
final class UnknownTensorTest {
  private static final String CHECKPOINT = "run/checkpoint.safetensors";

  @TempDir Path directory;

  private Workspace workspace;

  @BeforeEach
  void train() {
    workspace = new Workspace(directory);
    workspace.nnc("train", "@tiny.nn", "--epochs", "1", "--out", "@run");
  }

  private void add(String name) {
    Safetensors checkpoint = Safetensors.read(workspace.path(CHECKPOINT));
    SafetensorsWriter writer = Safetensors.writer();
    checkpoint.metadata().forEach(writer::metadata);
    for (String each : checkpoint.names()) {
      writer.add(each, checkpoint.tensor(each).shape(), checkpoint.floats(each), 0);
    }
    writer.add(name, new int[] {2}, new float[2], 0);
    writer.write(workspace.path(CHECKPOINT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eval @run --data @rows.csv                       | dense2.w             | did you mean 'dense2.W'?",
        "eval @run --data @rows.csv                       | extra                | the model has 'dense1.W', 'dense1.b', 'dense2.W', 'dense2.b', 'optimizer.m.dense1.W'",
        "eval @run --data @rows.csv                       | optimizer.w.dense1.W | did you mean 'optimizer.m.dense1.W'?",
        "predict @run                                     | extra                | the model has 'dense1.W'",
        "train @tiny.nn --out @run --resume --epochs 2    | extra                | the model has 'dense1.W'",
        "train @tiny.nn --out @run --resume --epochs 2    | optimizer.m.dense3.W | did you mean 'optimizer.m.dense1.W'?",
        "compile @tiny.nn --jar @tiny.jar --parameters @run | extra              | the model has 'dense1.W'",
        "compile @tiny.nn --jar @tiny.jar --parameters @run | optimizer.m.dense3.W | the model has 'dense1.W'",
      })
  void anUnknownTensorIsRefused(String command, String tensor, String help) {
    add(tensor);
    Workspace.Result result = workspace.nnc(command.split(" +"));
    assertThat(result.err())
        .contains("error[tensors]: " + workspace.path(CHECKPOINT) + ": tensor '" + tensor + "'")
        .contains("expected a parameter of the model Tiny, or its optimizer's memory of one,")
        .contains("found a tensor that the model has no place for")
        .contains(help);
    assertThat(result.code()).isEqualTo(1);
  }

  @Test
  void parametersAreReadWhateverOptimizerTrainedThem() {
    workspace.variant("sgd.nn", "Adam(lr = 1e-2)", "SGD(lr = 1e-2)");
    Workspace.Result jar =
        workspace.nnc("compile", "@sgd.nn", "--jar", "@tiny.jar", "--parameters", "@run");
    assertThat(jar.code()).isZero();
    Workspace.Result resumed = workspace.nnc("train", "@sgd.nn", "--out", "@run", "--resume");
    assertThat(resumed.err()).contains("tensor 'optimizer.m.dense1.W': expected a parameter");
  }
}
