package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckCommandTest {
  private static final String TWO =
      "model A { dim B = 2, input x: f32[B, 3], output y = x }\n"
              .replace(", input", "\n input")
              .replace(", output", "\n output")
          + "model C { dim B = 2\n input x: f32[B, 3]\n output y = x @ x\n output z = nowhere }\n";

  @TempDir Path directory;

  @Test
  void aGoodModelIsOneLine() {
    Workspace.Result result = new Workspace(directory).nnc("check", "@tiny.nn");
    assertThat(result)
        .isEqualTo(new Workspace.Result(0, "tiny.nn: model Tiny, 32 parameters, ok\n", ""));
  }

  @Test
  void everyModelOfAFileIsCheckedAndEveryErrorTold() {
    Workspace workspace = new Workspace(directory);
    workspace.write("two.nn", TWO);
    Workspace.Result result = workspace.nnc("check", "@two.nn");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("two.nn: model A, 0 parameters, ok\n");
    assertThat(result.err()).contains("two.nn:6").contains("'nowhere'").contains("error[shape]");
  }

  @Test
  void oneModelCanBeChosen() {
    Workspace workspace = new Workspace(directory);
    workspace.write("two.nn", TWO);
    assertThat(workspace.nnc("check", "@two.nn", "--model", "A").code()).isZero();
  }

  @Test
  void moreMemoryThanAnArrayCanHaveIsToldBeforeAnyIsTaken() {
    Workspace.Result result =
        new Workspace(directory).nnc("check", "@tiny.nn", "--set", "B=200000000");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).startsWith("error[memory]").contains("help");
  }
}
