package nnc.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import nnc.compiler.Snapshots;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.DiagnosticPrinter;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the text is, the parser answers with a tree or with diagnostics. */
class BrokenInputTest {
  private static final String[] PIECES = {
    "(", ")", "[", "]", "{", "}", "\n", ";", ",", ".", "..", "...", "=", "==", ":", "~", "|>", "-",
    "^", "*", "over ", "where ", "not ", "model ", "layer ", "train ", "fn ", "import ", "param ",
    "heads ", "recur ", "repeat ", "freeze ", "hold ", "\"", "\\", "/*", "*/", "//", "///", "1e999",
    "0.5", "2x", "\r", "\t", "\0", "é", "𝒙", "\uD800", "\uDC00",
  };

  static Stream<String> deepTexts() {
    return Stream.of(
        "(".repeat(20_000) + "x" + ")".repeat(20_000),
        "(".repeat(20_000),
        "[".repeat(300),
        "f(".repeat(201) + ")".repeat(201),
        "-".repeat(100_000) + "x",
        "not ".repeat(100_000) + "x",
        "x" + "^x".repeat(100_000),
        "x" + "^-x".repeat(150),
        "x" + " + x".repeat(20_000),
        "x" + " +\nx".repeat(20_000),
        "x" + " |> f".repeat(20_000),
        "x" + ".y".repeat(20_000),
        "x" + "()".repeat(20_000),
        "x" + "[0]".repeat(20_000),
        "(".repeat(150) + "x" + " + x) * 2".repeat(10) + ") - 1 * x + y / 2 - x * 4".repeat(140),
        "heads 2 as k {".repeat(201) + "x" + "}".repeat(201));
  }

  @ParameterizedTest
  @MethodSource("deepTexts")
  void whatIsTooDeepForAStackIsRefusedInWords(String expression) {
    List<Diagnostic> diagnostics = diagnose("fn f(x) = " + expression);
    assertThat(diagnostics).extracting(Diagnostic::id).contains("nesting");
  }

  @Test
  void whatIsWithinTheLimitsFitsIntoAnOrdinaryStack() throws InterruptedException {
    String nested = "(".repeat(190) + "-x" + ")".repeat(190);
    String chain = "x" + " + x".repeat(480);
    String blocks =
        "repeat 2 {".repeat(150)
            + "y = "
            + "not (".repeat(20)
            + "x"
            + ")".repeat(20)
            + "}".repeat(150);
    for (String text : List.of(nested, chain, blocks)) {
      Throwable[] thrown = new Throwable[1];
      Thread ordinary =
          new Thread(
              null,
              () -> AstPrinter.print(Parser.parse(source("layer L(x) {" + text + "}"))),
              "ordinary",
              1 << 20);
      ordinary.setUncaughtExceptionHandler((_, e) -> thrown[0] = e);
      ordinary.start();
      ordinary.join();
      assertThat(thrown[0]).as(text.substring(0, 40)).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\uD800", "\uDC00x", "x\uD83D", "\u202E", "\uFFFF", "\u001B"})
  void charactersThatBelongToNoTextAreNamedByTheirCode(String text) {
    List<Diagnostic> diagnostics = diagnose("model M {\n  y = x " + text + "\n}\n");
    assertThat(diagnostics)
        .extracting(Diagnostic::message)
        .singleElement()
        .asString()
        .contains("U+");
    assertThat(new DiagnosticPrinter(false).print(diagnostics)).doesNotContain(text);
  }

  @Test
  void errorsInDifferentStatementsAreAllReportedInTheirOrder() {
    List<Diagnostic> diagnostics =
        diagnose(
            "model M {\n  a = )\n  b = 1\n  repeat {\n    c = 2 3\n  }\n  d = = 4\n}\nlayer {\n  e = f(,)\n}\n");
    assertThat(diagnostics)
        .extracting(d -> Objects.requireNonNull(d.span()).line())
        .containsExactly(2, 4, 5, 7, 9, 10);
  }

  @Test
  void afterFiftyErrorsTheRestIsCounted() {
    List<Diagnostic> diagnostics = diagnose("model M {\n" + "  a = = 1\n".repeat(80) + "}\n");
    assertThat(diagnostics).hasSize(50);
    assertThat(diagnostics.getLast().notes())
        .containsExactly("30 more syntax errors follow, they are not shown");
  }

  @Test
  void aLargeFileTakesSeconds() {
    String layer =
        "layer L%d(units, g = relu)(x: [..., in]) {\n  y = g(x @ W + b) * 2 - f(x, k = 3)\n  y\n}\n";
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 5_000_000; i++) {
      text.append(layer.formatted(i));
    }
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> Parser.parse(source(text.toString())));
  }

  @Test
  void aFileThatCanBeNoModelIsRefusedAtOnce() {
    assertThat(diagnose("x".repeat(10_000_001)))
        .singleElement()
        .satisfies(d -> assertThat(d.message()).contains("10000001 characters"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "{",
        "optimizer X(\n",
        "model M {\n",
        "/* ",
        "\"",
        "{ optimizer X(\n",
        "repeat (",
        "}",
        "'",
        "/// x\n"
      })
  void timeGrowsWithTheSizeOfTheTextOnly(String piece) {
    String half = piece.repeat(100_000 / piece.length());
    for (String text :
        List.of(half, "{" + half, half + ")".repeat(100_000), half + "}".repeat(100_000))) {
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> checkAnswer(text));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void mutatedFilesEndInATreeOrInDiagnostics(long seed) {
    Random random = new Random(seed);
    List<Source> good = new Snapshots("good-syntax").sources();
    for (int i = 0; i < 1_000; i++) {
      String text = good.get(random.nextInt(good.size())).text();
      int mutations = 1 + random.nextInt(6);
      for (int m = 0; m < mutations; m++) {
        text = mutate(text, random);
      }
      checkAnswer(text);
    }
  }

  private static String mutate(String text, Random random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(1 + (random.nextInt(8) == 0 ? 60 : 4)));
    String middle =
        switch (random.nextInt(4)) {
          case 0 -> "";
          case 1 -> text.substring(from, to).repeat(2);
          case 2 -> PIECES[random.nextInt(PIECES.length)] + text.substring(from, to);
          default -> PIECES[random.nextInt(PIECES.length)];
        };
    return text.substring(0, from) + middle + text.substring(to);
  }

  private static void checkAnswer(String text) {
    try {
      AstPrinter.print(Parser.parse(source(text)));
    } catch (CompileException e) {
      String printed = new DiagnosticPrinter(true).print(e.diagnostics());
      assertThat(printed).doesNotContain("expecting", "mismatched", "<EOF>", "null");
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("for this text:\n" + text, e);
    }
  }

  private static List<Diagnostic> diagnose(String text) {
    return catchThrowableOfType(CompileException.class, () -> Parser.parse(source(text)))
        .diagnostics();
  }

  private static Source source(String text) {
    return new Source("test.nn", text);
  }
}
