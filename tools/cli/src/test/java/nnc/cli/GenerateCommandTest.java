package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import nnc.cli.data.Arrivals;
import nnc.cli.data.Line;
import nnc.cli.generate.Answers;
import nnc.cli.output.UnknownSymbols;
import nnc.cli.train.Checkpoint;
import nnc.runtime.CompiledModel;
import nnc.runtime.TextGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts by models that are trained here: letters to their names, and a text that repeats itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GenerateCommandTest {
  private static final String SPELL =
      """
      model Spell {
        dim B = 16
        dim S = 5
        dim T = 6
        input letters: i32[B, S]
        input before:  i32[B, T]
        input after:   i32[B, T]
        read    = Embedding(10, 16)(letters) |> Bidirectional(GRU(16), GRU(16))
        written = Embedding(10, 16)(before) |> GRU(32)
        look    = softmax(written @ read.T over S where reshape(letters != 0, (B, 1, S)))
        logits  = concat(written, look @ read) |> Dense(32, tanh) |> Dense(10)
        loss    = cross_entropy(logits, after, ignore = 0)
      }
      train Spell {
        data pairs("pairs.tsv", letters = words(10), names = words(10)) {
          letters = letters
          before  = start(names)
          after   = end(names)
        }
        optimizer Adam(lr = 1e-2)
        epochs    12
      }
      generate Spell { feed before from logits; start 1; stop 2 }
      """;

  private static final String WRITER =
      """
      model Writer {
        dim B = 8
        dim T = 8
        input text: i32[B, T]
        input next: i32[B, T]
        logits = text |> Embedding(12, 16) |> GRU(32) |> Dense(12)
        output guess = argmax(logits)
        loss   = cross_entropy(logits, next)
      }
      train Writer {
        data text("text.txt", chars(12), stride = T) { text = tokens(0..T-1); next = tokens(1..T) }
        optimizer Adam(lr = 1e-2)
        epochs    20
      }
      generate Writer { feed text from logits; limit 10 }
      """;

  private static final String[] LETTERS = {"a", "b", "c", "d", "e", "f"};
  private static final String[] NAMES = {"ah", "bee", "see", "dee", "ee", "eff"};

  @TempDir private static Path directory;

  private Workspace workspace;

  @BeforeAll
  void train() {
    workspace = new Workspace(directory);
    Random random = new Random(1);
    StringBuilder pairs = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      int[] word = random.ints(1 + random.nextInt(4), 0, LETTERS.length).toArray();
      pairs.append(joined(word, LETTERS)).append('\t').append(joined(word, NAMES)).append('\n');
    }
    workspace.write("pairs.tsv", pairs.toString());
    workspace.write("test.tsv", "a b\tah bee\nf e d c\teff ee dee ah\nb\tbee\n");
    workspace.write("text.txt", "a rose is a rose is ".repeat(60));
    workspace.write("spell.nn", SPELL);
    workspace.write("writer.nn", WRITER);
    assertThat(workspace.nnc("train", "@spell.nn", "--out", "@spell").code()).isZero();
    assertThat(workspace.nnc("train", "@writer.nn", "--out", "@writer").code()).isZero();
  }

  private static String joined(int[] word, String[] symbols) {
    StringBuilder text = new StringBuilder();
    for (int letter : word) {
      text.append(text.isEmpty() ? "" : " ").append(symbols[letter]);
    }
    return text.toString();
  }

  // ------------------------------------------------------------ translate

  @Test
  void eachTextBecomesALine() {
    Workspace.Result result = workspace.nnc("translate", "@spell", "a b", "f e d c");
    assertThat(result.lines()).containsExactly("ah bee", "eff ee dee see");
  }

  /** More lines than rows of a batch; an empty line has an empty answer. */
  @Test
  void linesOfAPipeAreAnsweredInTheirOrder() throws InterruptedException {
    assertThat(answers("a\n\nb c\n" + "d\n".repeat(40)))
        .isEqualTo("ah\n\nbee see\n" + "dee\n".repeat(40));
  }

  @Test
  void aLineThatIsTooLongEndsTheCommandAfterTheLinesBefore() {
    StringWriter written = new StringWriter();
    assertThatThrownBy(() -> answer("a\na b c d e f\nb\n", written, new UnknownSymbols()))
        .hasMessageContaining("standard input:2: expected 1 to 5 symbols for 'letters', found 6");
    assertThat(written).hasToString("ah\n");
  }

  /** Those that the model was not trained on are read as unknown, which the user may not want. */
  @Test
  void unknownSymbolsAreTold() {
    Workspace.Result some = workspace.nnc("translate", "@spell", "a x", "y b x");
    assertThat(some.code()).isZero();
    assertThat(some.err())
        .isEqualTo(
            "warning: 3 symbols are unknown to 'letters', and were read as <unknown>, such as 'x', 'y'\n");
    Workspace.Result none = workspace.nnc("translate", "@spell", "xy");
    assertThat(none.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(none.err()).contains("expected symbols that 'letters' knows, found none in 'xy'");
  }

  /** Lines of input and output belong together. */
  @Test
  void aLineOfAPipeOfWhichNothingIsKnownIsAnsweredAndTold() throws InterruptedException {
    StringWriter written = new StringWriter();
    StringWriter told = new StringWriter();
    UnknownSymbols unknown = new UnknownSymbols();
    answer("a\nx y\nb\nz\n", written, unknown);
    unknown.tell(new PrintWriter(told));
    assertThat(written.toString().lines()).hasSize(4).startsWith("ah").element(2).isEqualTo("bee");
    assertThat(told.toString())
        .endsWith(
            "warning: standard input:2: no symbol is known to 'letters', so the answer says nothing; likewise in 1 more\n");
  }

  @Test
  void aRowOfWhichNothingIsKnownIsAnsweredAndTold() {
    workspace.write("lines.txt", "zzz\na rose\n");
    Workspace.Result result = workspace.nnc("predict", "@writer", "@lines.txt");
    assertThat(result.lines()).hasSize(2).allMatch(line -> line.startsWith("{\"guess\":"));
    assertThat(result.err())
        .endsWith("lines.txt:1: no symbol is known to 'text', so the answer says nothing\n");
  }

  @Test
  void predictionsAreTheSameForAnyNumberOfThreads() {
    workspace.write("rows.txt", "a rose\nis\n");
    String alone = workspace.nnc("predict", "@writer", "@rows.txt", "--threads", "1").out();
    assertThat(alone).hasLineCount(2);
    assertThat(workspace.nnc("predict", "@writer", "@rows.txt", "--threads", "2").out())
        .isEqualTo(alone);
  }

  private String answers(String lines) throws InterruptedException {
    StringWriter written = new StringWriter();
    answer(lines, written, new UnknownSymbols());
    return written.toString();
  }

  private void answer(String lines, StringWriter written, UnknownSymbols unknown)
      throws InterruptedException {
    Checkpoint checkpoint = Checkpoint.read(workspace.path("spell"));
    CompiledModel model = checkpoint.compile().load();
    model.read(checkpoint.tensors());
    try (TextGenerator texts = model.textGenerator()) {
      Answers.translations(texts, 1, false, unknown, new PrintWriter(written))
          .answer(
              Arrivals.lines(
                  Line.of(
                      new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                      "standard input")));
    }
  }

  @Test
  void alternativesOfABeamAreJson() {
    Workspace.Result result =
        workspace.nnc("translate", "@spell", "a b", "--beam", "3", "-n", "3", "--json");
    assertThat(result.out())
        .matches(
            "\\{\"source\":\"a b\",\"text\":\"ah bee\",\"log_probability\":-0\\.\\d+,\"alternatives\":\\["
                + "\\{\"text\":\"[a-z ]+\",\"log_probability\":-\\d.*},\\{.*}]}\n");
  }

  // ------------------------------------------------------------ generate

  @Test
  void aTextIsGoneOnWith() {
    assertThat(workspace.nnc("generate", "@writer", "--prompt", "a ro").out())
        .isEqualTo("a rose is a ro\n");
    assertThat(workspace.nnc("generate", "@writer", "--prompt", "a ro", "--limit", "2").out())
        .isEqualTo("a rose\n");
  }

  @Test
  void severalTextsStandApart() {
    assertThat(
            workspace
                .nnc("generate", "@writer", "--prompt", "a ro", "--prompt", "is", "--limit", "2")
                .out())
        .isEqualTo("a rose\n\nis a\n");
  }

  @Test
  void aSeedGivesTheSameSamples() {
    String[] line = {
      "generate", "@writer", "--prompt", "a", "--temperature", "3", "-n", "4", "--json", "--seed"
    };
    String one = workspace.nnc(with(line, "1")).out();
    assertThat(one.lines())
        .hasSize(4)
        .allMatch(text -> text.startsWith("{\"prompt\":\"a\",\"text\":\"a"));
    assertThat(workspace.nnc(with(line, "1")).out()).isEqualTo(one);
    assertThat(workspace.nnc(with(line, "2")).out()).isNotEqualTo(one);
  }

  /** The model has scores of 40 symbols, the text 10: the others stand for nothing. */
  @Test
  void symbolsThatTheTextDoesNotHaveAreNotGenerated() {
    workspace.write(
        "roomy.nn", WRITER.replace("12)", "40)").replace("12,", "40,").replace("20\n", "1\n"));
    assertThat(workspace.nnc("train", "@roomy.nn", "--out", "@roomy").code()).isZero();
    Workspace.Result result =
        workspace.nnc(
            "generate", "@roomy", "--prompt", "a", "--temperature", "9", "--limit", "200");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
  }

  private static String[] with(String[] line, String last) {
    String[] all = java.util.Arrays.copyOf(line, line.length + 1);
    all[line.length] = last;
    return all;
  }

  // ------------------------------------------------------------ eval

  /** One symbol of seven is another; of three lines one is wrong. */
  @Test
  void pairsAreComparedWithWhatIsGenerated() {
    assertThat(workspace.nnc("eval", "@spell", "--data", "@test.tsv", "--generate").out())
        .startsWith(
            "{\"rows\":3,\"token_error_rate\":0.14285714285714285,\"sequence_error_rate\":0.3333333333333333,\"bleu\":");
  }

  /** As in training: what is unknown is read as such, what is too long is left out, and that is told. */
  @Test
  void allPairsThatFitAreCompared() {
    workspace.write("mixed.tsv", "b\tbee\nx y\tah bee\na b c d e f\tah bee see dee ee\n");
    Workspace.Result result = workspace.nnc("eval", "@spell", "--data", "@mixed.tsv", "--generate");
    assertThat(result.out()).startsWith("{\"rows\":2,");
    assertThat(result.err())
        .endsWith("mixed.tsv: 1 of 3 rows left out, which are longer than the inputs\n");
  }

  /** The loss is of fewer rows than the file has. */
  @Test
  void rowsThatEvalLeavesOutAreTold() {
    workspace.write("long.tsv", "b\tbee\na b c d e f\tah bee see dee ee\n");
    Workspace.Result result = workspace.nnc("eval", "@spell", "--data", "@long.tsv");
    assertThat(result.out()).startsWith("{\"rows\":1,\"loss\":");
    assertThat(result.err())
        .endsWith("long.tsv: 1 of 2 rows left out, which are longer than the inputs\n");
  }

  /** A loss of rows of which the model knows nothing looks like any other. */
  @ParameterizedTest
  @ValueSource(strings = {"", "--generate"})
  void dataOfAnotherKindIsRefused(String option) {
    workspace.write("other.tsv", "b\tbee\nx y\tit was so\nz a\tand so\n");
    String[] line = {"eval", "@spell", "--data", "@other.tsv"};
    Workspace.Result result = workspace.nnc(option.isEmpty() ? line : with(line, option));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("other.tsv: 60.0 % of the symbols of 'letters' are unknown (3 of 5)\n")
        .contains("expected symbols that 'Spell' was trained on, found that ")
        .contains("help: give data of the kind that it was trained on");
  }

  // ------------------------------------------------------------ errors

  @Test
  void whatCannotBeDoneIsTold() {
    refused(1, "'Tiny' has no generate block", "generate", "@tiny", "--prompt", "a");
    refused(1, "has no start symbol", "generate", "@writer", "--prompt", "");
    refused(1, "it computes from numbers: use nnc predict", "translate", "@tiny", "a");
    refused(
        1, "it generates texts: use nnc translate; or declare", "predict", "@spell", "@pairs.tsv");
    refused(1, "a tab: this is a pair", "translate", "@spell", "a b\tah bee");
    refused(1, "found the text of a model: ", "predict", "@tiny.nn");
    refused(1, "use nnc translate", "generate", "@spell", "--prompt", "a");
    refused(1, "use nnc generate", "translate", "@writer", "a");
    refused(
        1,
        "was trained on text, not on pairs",
        "eval",
        "@writer",
        "--data",
        "@text.txt",
        "--generate");
    refused(2, "add --generate", "eval", "@spell", "--data", "@test.tsv", "--beam", "2");
    refused(2, "add --generate", "eval", "@spell", "--data", "@test.tsv", "--seed", "1");
    refused(2, "Unknown option", "eval", "@spell", "--data", "@test.tsv", "--generate", "-n", "2");
    refused(2, "exclude one another", "translate", "@spell", "a", "--greedy", "--beam", "2");
    refused(
        2,
        "this search finds 1 sequence for a prompt, asked for 2",
        "generate",
        "@writer",
        "-n",
        "2");
    refused(
        2,
        "'temperature' is a number above 0, found 0",
        "translate",
        "@spell",
        "a",
        "--temperature",
        "0");
    refused(2, "add --json", "translate", "@spell", "a", "--beam", "2", "-n", "2");
  }

  /** They are the author's: the loss, which training looks at, does not depend on them. */
  @Test
  void scoresThatAreNotFiniteAreTold() {
    workspace.write(
        "infinite.nn",
        WRITER
            .replace("  output guess", "  scores = log(-1 - logits^2)\n  output guess")
            .replace("from logits", "from scores")
            .replace("20\n", "1\n"));
    assertThat(workspace.nnc("train", "@infinite.nn", "--out", "@infinite").code()).isZero();
    refused(
        1,
        "error[generate]: the scores of the next symbol are not finite: the model 'Writer' computes NaN",
        "generate",
        "@infinite",
        "--prompt",
        "a");
  }

  @Test
  void aTrainingDoesNotGoOnWithFieldsThatItDidNotBeginWith() {
    workspace.write(
        "renamed.nn",
        SPELL.replace("names = words", "sounds = words").replace("(names)", "(sounds)"));
    refused(
        1,
        "the checkpoint has no vocabulary for 'sounds'",
        "train",
        "@renamed.nn",
        "--out",
        "@spell",
        "--resume");
  }

  private void refused(int code, String message, String... line) {
    if (line[1].equals("@tiny")) {
      workspace.nnc("train", "@tiny.nn", "--epochs", "1", "--out", "@tiny", "--force");
    }
    Workspace.Result result = workspace.nnc(line);
    assertThat(result.err()).contains(message);
    assertThat(result.code()).isEqualTo(code);
  }
}
