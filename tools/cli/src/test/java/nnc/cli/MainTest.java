package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "inspect",
        "explain",
        "compile",
        "train",
        "run",
        "predict",
        "eval",
        "nearest",
        "analogy",
        "gradcheck",
        "gradflow"
      })
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
    "qqq,                                 qqq",
    "train,                               FILE",
    "train @tiny.nn --threads 0,          --threads is 1 to 1024",
    "train @tiny.nn --epochs 0,           --epochs is at least 1",
    "train @tiny.nn --patience 0,         --patience is at least 1",
    "train @tiny.nn --checkpoint-every 5, --out DIR",
    "train @tiny.nn --seeds 1..1,         'expected two to 1000 different seeds, 1..5 or 1,2,3 for instance, found ''1..1'''",
    "'train @tiny.nn --seeds 1,2,2',      'found ''1,2,2'''",
    "train @tiny.nn --seeds 5..1,         'found ''5..1'''",
    "train @tiny.nn --seeds 1..x,         'found ''1..x'''",
    "train @tiny.nn --seeds 1..2000000,   'found ''1..2000000'''",
    "train @tiny.nn --seeds 1..2 --seed 1, contradict each other",
    "train @tiny.nn --seed -1,            --seed is at least 0",
    "train @tiny.nn --epochs x,           'a whole number was expected, found ''x'''",
    "train @tiny.nn --epochs 99999999999, 'a whole number was expected, found ''99999999999'', which is too large'",
    "train @tiny.nn --seed 1.5,           'a whole number was expected, found ''1.5'''",
    "train @tiny.nn --threads two,        'a whole number was expected, found ''two'''",
    "run @tiny.nn --from a --to b --steps x, 'a whole number was expected, found ''x'''",
    "gradcheck @tiny.nn --seed x,         'a whole number was expected, found ''x'''",
    "gradcheck @tiny.nn --rows x,         'a whole number was expected, found ''x'''",
    "train @tiny.nn --set B=many,         'expected DIM=SIZE, B=128 for instance, found B=many'",
    "train @tiny.nn --set B,              'expected DIM=SIZE, B=128 for instance, found B'",
    "check @tiny.nn --set B=2 --set B=3,  'the dim ''B'' two sizes, 2 and 3'",
    "train @tiny.nn --out a --out b,      should be specified only once",
    "train @tiny.nn --out a --resume --force, contradict each other",
    "train @tiny.nn --resume,             --out DIR is missing",
    "train @tiny.nn --out a --resume --init b, contradict each other",
    "inspect @tiny.nn,                    say what to print",
    "inspect @tiny.nn --stage ast --only update, --stage java",
    "inspect @tiny.nn --stage foo,        'expected one of ast, graph, gradient, optimized, plan, memory, cost, java, found ''foo'''",
    "inspect @tiny.nn --stage java --only updat, 'expected one of model, signature, memory, forward, gradient, update, found ''updat''; did you mean ''update''?'",
    "inspect @tiny.nn --passes --without simplfy, 'found ''simplfy''; did you mean ''simplify''?'",
    "'train @tiny.nn --without simplify,qqq', 'expected one of arrange-first, recompute-steps, cut-marks, fold-constants, simplify, '",
    "compile @tiny.nn,                    say what to write",
    "compile @tiny.nn -o a --package 1.2, not the name of a Java package",
    "compile @tiny.nn -o a --parameters b, --jar FILE.jar is missing",
    "run @tiny.nn --from a,               --to",
    "gradcheck @tiny.nn --rows 5,         1 to 4",
    "nearest a,                           say of which words: WORD ..., or --pairs FILE",
    "nearest a b --pairs c,               'say of which words: WORD ..., or --pairs FILE, not both'",
    "nearest a b -n 0,                    -n is at least 1",
    "analogy a b c,                       'an analogy has three words, A B C, or --questions FILE has many'",
    "analogy a b c d --questions e,       'an analogy has three words, A B C, or --questions FILE has many'",
  })
  void wrongUsageIsToldInTwoLines(String line, String told) {
    Workspace.Result result =
        new Workspace(directory).nnc(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(told).contains("--help").hasLineCount(2);
    assertThat(result.out()).isEmpty();
  }

  /** What a help shows can be tried: its models are there, its options are known. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "check",
        "inspect",
        "explain",
        "compile",
        "train",
        "run",
        "predict",
        "eval",
        "nearest",
        "analogy",
        "gradcheck",
        "gradflow"
      })
  void examplesNameWhatThereIs(String command) {
    String help = new Workspace(directory).nnc((command + " --help").strip().split(" ")).out();
    List<String[]> examples =
        help.lines()
            .filter(line -> line.startsWith("  nnc ") || line.contains("| nnc "))
            .map(line ->
                line.substring(line.indexOf("nnc ") + 4).replaceFirst(" <.*", "").split(" "))
            .toList();
    assertThat(examples).isNotEmpty();
    for (String[] example : examples) {
      assertThatCode(() ->
              new CommandLine(new Main())
                  .setCaseInsensitiveEnumValuesAllowed(true)
                  .parseArgs(example))
          .as(String.join(" ", example))
          .doesNotThrowAnyException();
      for (String word : example) {
        if (word.endsWith(".nn")) {
          assertThat(Path.of("../..", word)).exists();
        }
      }
    }
  }

  /** Wherever a line is too long for 80 columns, it breaks at a space, and examples do not break at all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "inspect",
        "explain",
        "compile",
        "train",
        "run",
        "predict",
        "eval",
        "generate",
        "translate",
        "nearest",
        "analogy",
        "gradcheck",
        "gradflow"
      })
  void helpBreaksNoWord(String command) {
    String wide = help(command, 1_000);
    String narrow = help(command, 80);
    assertThat(wide.split("\\s+")).contains(narrow.split("\\s+"));
    assertThat(narrow.lines())
        .containsAll(wide.lines().filter(line -> line.startsWith("  nnc ")).toList());
  }

  private static String help(String command, int width) {
    CommandLine line = new CommandLine(new Main()).setUsageHelpWidth(width);
    return Objects.requireNonNull(line.getSubcommands().get(command)).getUsageMessage();
  }

  /** A defect is injected: whoever prints the answer fails. */
  @Test
  void aDefectEndsWithItsOwnCodeAndARequestToReportIt() throws Exception {
    PrintWriter broken =
        new PrintWriter(Writer.nullWriter()) {
          @Override
          public void println(Object line) {
            throw new IllegalStateException("injected");
          }

          @Override
          public void println(String line) {
            throw new IllegalStateException("injected");
          }
        };
    StringWriter err = new StringWriter();
    String model = new Workspace(directory).path("tiny.nn").toString();
    assertThat(Main.run(broken, new PrintWriter(err), "check", model)).isEqualTo(70);
    assertThat(err.toString())
        .contains("nnc: internal error: java.lang.IllegalStateException: injected")
        .contains("this is a defect of nnc, not of your input; please report it, with the file ");
    Files.delete(Path.of(err.toString().strip().replaceFirst("(?s).*with the file ", "")));
  }

  @Test
  void tellsItsVersionAndThatOfJava() {
    Workspace.Result version = new Workspace(directory).nnc("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).startsWith("nnc ").contains("Java " + Runtime.version().feature());
  }
}
