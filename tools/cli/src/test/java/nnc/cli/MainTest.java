package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"check", "inspect", "compile", "train", "run", "predict", "eval", "gradcheck"})
  void everyCommandExplainsItselfWithExamples(String command) {
    Workspace.Result help = new Workspace(directory).nnc(command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("Usage: nnc " + command)
        .contains("Examples:")
        .contains("nnc " + command + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "'',                                  a command is missing",
    "bogus,                               bogus",
    "train,                               FILE",
    "train @tiny.nn --threads 0,          --threads is 1 to 1024",
    "train @tiny.nn --epochs 0,           --epochs is at least 1",
    "train @tiny.nn --set B=many,         many",
    "train @tiny.nn --resume,             --out DIR is missing",
    "train @tiny.nn --out a --resume --init b, contradict each other",
    "inspect @tiny.nn,                    say what to print",
    "inspect @tiny.nn --stage ast --only update, --stage java",
    "compile @tiny.nn,                    say what to write",
    "compile @tiny.nn -o a --package 1.2, not the name of a Java package",
    "compile @tiny.nn -o a --parameters b, --jar FILE.jar is missing",
    "run @tiny.nn --from a,               --to",
    "gradcheck @tiny.nn --rows 5,         1 to 4",
  })
  void wrongUsageIsToldInTwoLines(String line, String told) {
    Workspace.Result result =
        new Workspace(directory).nnc(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(told).contains("--help").hasLineCount(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void tellsItsVersionAndThatOfJava() {
    Workspace.Result version = new Workspace(directory).nnc("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).startsWith("nnc ").contains("Java " + Runtime.version().feature());
  }
}
