package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvalCommandTest {
  @TempDir Path directory;

  private Workspace workspace;

  @BeforeEach
  void train() {
    workspace = new Workspace(directory);
    workspace.nnc("train", "@tiny.nn", "--out", "@run");
  }

  @Test
  void lossAndMetricsOverAllRowsAreALineOfJson() {
    Workspace.Result result = workspace.nnc("eval", "@run", "--data", "@rows.csv");
    assertThat(result.code()).isZero();
    assertThat(result.out()).matches("\\{\"rows\":43,\"loss\":0\\.\\d+,\"accuracy\":0\\.\\d+}\n");
  }

  @Test
  void theCheckpointAloneIsEnough() throws Exception {
    String expected = workspace.nnc("eval", "@run", "--data", "@rows.csv").out();
    Files.delete(workspace.path("tiny.nn"));
    assertThat(workspace.nnc("eval", "@run/checkpoint.safetensors", "--data", "@rows.csv").out())
        .isEqualTo(expected);
  }

  @Test
  void aMissingFileIsTold() {
    Workspace.Result result = workspace.nnc("eval", "@run", "--data", "@gone.csv");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("gone.csv: expected a file of data, found no such file");
  }

  @Test
  void filesThatTheModelDoesNotReadAreWrongUsage() {
    Workspace.Result result =
        workspace.nnc("eval", "@run", "--data", "@rows.csv", "--data", "@rows.csv");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("'Tiny' reads csv: --data FILE, once");
  }
}
