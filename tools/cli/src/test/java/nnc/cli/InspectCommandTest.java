package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InspectCommandTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ast       | model Tiny
          graph     | tanh
          graph     | loss = %
          gradient  | grad.dense1.W = %
          optimized | update
          optimized | w0 = %
          plan      | product [B, 3] . [3, 5]
          plan      | reads
          plan      | infer evaluate gradient
          memory    | arena, training
          memory    | dense1.W
          java      | final class TinyForward
          java      | final class TinyGradient
          java      | final class TinyUpdate
          """)
  void aStageIsPrinted(String stage, String part) {
    Workspace.Result result = new Workspace(directory).nnc("inspect", "@tiny.nn", "--stage", stage);
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains(part);
  }

  @Test
  void theJavaToReadIsShorterThanTheJavaThatIsCompiled() {
    Workspace workspace = new Workspace(directory);
    String toRead = workspace.nnc("inspect", "@tiny.nn", "--stage", "java").out();
    String whole = workspace.nnc("inspect", "@tiny.nn", "--stage", "java", "--full").out();
    assertThat(whole)
        .contains("FloatVector")
        .contains("class TinySignature")
        .hasSizeGreaterThan(toRead.length());
    assertThat(toRead).doesNotContain("FloatVector");
  }

  @Test
  void oneFileOfTheJavaCanBeChosen() {
    Workspace.Result update =
        new Workspace(directory).nnc("inspect", "@tiny.nn", "--stage", "java", "--only", "update");
    assertThat(update.out())
        .startsWith("// nn/TinyUpdate.java")
        .doesNotContain("class TinyForward");
  }

  @Test
  void passesAreCountedWithTheirLaws() {
    assertThat(new Workspace(directory).nnc("inspect", "@tiny.nn", "--passes").out())
        .containsPattern("fold-constants +\\d+   what is known now");
  }

  @Test
  void passesThatAreSwitchedOffSaySo() {
    assertThat(
            new Workspace(directory)
                .nnc("inspect", "@tiny.nn", "--passes", "--without", "fold-constants,in-place")
                .out())
        .containsPattern("fold-constants +off   what is known now")
        .containsPattern("in-place +off ")
        .containsPattern("simplify +\\d+ ");
  }

  @Test
  void allPassesCanBeSwitchedOff() {
    assertThat(
            new Workspace(directory)
                .nnc("inspect", "@tiny.nn", "--passes", "--without", "all")
                .out()
                .lines())
        .hasSizeGreaterThan(20)
        .allMatch(line -> line.contains(" off   "));
  }

  @Test
  void theSyntaxOfAModelWithErrorsCanBeLookedAt() {
    Workspace workspace = new Workspace(directory);
    Workspace.Result result =
        workspace.nnc(
            "inspect",
            "@" + workspace.variant("wrong.nn", "argmax(logits)", "nothing"),
            "--stage",
            "ast");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("nothing");
  }
}
