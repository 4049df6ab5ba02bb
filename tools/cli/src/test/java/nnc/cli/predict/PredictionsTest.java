package nnc.cli.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import nnc.cli.Workspace;
import nnc.cli.output.UnknownSymbols;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Source;
import nnc.data.DataException;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PredictionsTest {
  @TempDir Path directory;

  private Compilation compilation;
  private CompiledModel model;

  @BeforeEach
  void compile() {
    use(Workspace.TINY);
  }

  private void use(String text) {
    compilation =
        Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
    model = compilation.load();
    model.initialise(1);
  }

  private String predict(String rows) throws InterruptedException {
    StringWriter out = new StringWriter();
    stream(new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8)), new PrintWriter(out));
    return out.toString();
  }

  private void stream(InputStream rows, PrintWriter out) throws InterruptedException {
    try (Session session = model.session()) {
      Predictions.stream(
          compilation,
          session,
          rows,
          "standard input",
          Optional.empty(),
          new UnknownSymbols(),
          out);
    }
  }

  @Test
  void eachRowIsALineOfItsOutputs() throws Exception {
    String[] lines = predict("0.1,0.2,0.3\n1,2,3\n-1,-2,-3\n0,0,0\n5,5,5\n9,9,9\n").split("\n");
    assertThat(lines)
        .hasSize(6)
        .allMatch(line -> line.matches("\\{\"guess\":[01],\"p\":\\[[-0-9.E]+,[-0-9.E]+]}"));
  }

  @Test
  void rowsOfJsonGiveWhatTheSameRowsOfCsvGive() throws Exception {
    assertThat(predict("{\"x\": [0.1, 0.2, 0.3]}\n{\"x\": [[1], [2], [3]], \"other\": null}\n"))
        .isEqualTo(predict("0.1,0.2,0.3\n1,2,3\n"));
  }

  @Test
  void emptyLinesAndByteOrderMarksSayNothing() throws Exception {
    String rows = predict("{\"x\": [1, 2, 3]}\n{\"x\": [4, 5, 6]}\n");
    assertThat(predict("\uFEFF\n {\"x\": [1, 2, 3]}\n\n{\"x\": [4, 5, 6]}\n")).isEqualTo(rows);
    assertThat(predict("1,2,3\n\n4,5,6\n")).isEqualTo(rows);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"y\": 1} | found no 'x'",
        "{\"x\": [1, 2]} | 'x' takes 3 values, found 2",
        "{\"x\": [1, 2, \"three\"]} | 'x' takes finite numbers, found \"three\"",
        "{\"x\": [1, 2, 1e39]} | 'x' takes finite numbers, found 1.0E39",
        "{\"x\": [1, 2, -1e400]} | 'x' takes finite numbers, found",
        "{\"x\": [1, 2, | found what is no JSON: '{",
        "[1, 2, 3] | found '[1, 2, 3]'"
      })
  void aWrongObjectIsToldWithItsLineBehindTheAnswers(String line, String problem) {
    StringWriter out = new StringWriter();
    assertThatThrownBy(() ->
            stream(
                new ByteArrayInputStream(
                    ("{\"x\": [1, 2, 3]}\n" + line + "\n").getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("standard input:2: ")
        .hasMessageContaining(problem)
        .hasMessageContaining("{\"x\": […]}");
    assertThat(out.toString()).hasLineCount(1);
  }

  @Test
  void aLineWithoutCommasIsNoRowOfSeveralColumns() {
    assertThatThrownBy(() -> predict("not json\n"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "standard input: expected 3 numbers separated by commas, or JSON, found 'not json'")
        .hasMessageContaining("{\"x\": […]}");
  }

  @Test
  void aRowGivesTheSameAloneAndAmongOthers() throws Exception {
    String alone = predict("1,2,3\n");
    assertThat(predict("0.1,0.2,0.3\n1,2,3\n5,6,7\n").split("\n")[1] + "\n").isEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "min(max(p over -1))", // no batch axis
        "x - mean(x, keepdims = true over 0)",
        "x / B",
        "softmax(x @ x.T) @ x",
        "sum(x) + 0 * x",
        "x[guess, 0]"
      })
  void aRowAloneIsABatchOfOneWhereAnOutputIsOfTheWholeBatch(String output) throws Exception {
    use(Workspace.TINY.replace("loss =", "output whole = " + output + "\n    loss ="));
    String alone = predict("1,2,3\n");
    assertThat(alone).contains("whole");
    assertThat(predict("0.1,0.2,0.3\n1,2,3\n5,6,7\n").split("\n")[1] + "\n").isEqualTo(alone);
  }

  @Test
  void aLineComesAsSoonAsItsRowHasArrived() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    PrintWriter out =
        new PrintWriter(new StringWriter()) {
          @Override
          public void print(String text) {
            lines.add(text);
          }
        };
    try (PipedOutputStream rows = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(rows)) {
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  stream(in, out);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      rows.write("1,2,3\n".getBytes(StandardCharsets.UTF_8));
      rows.flush();
      assertThat(lines.poll(30, TimeUnit.SECONDS)).startsWith("{\"guess\":");
      rows.write("3,2,1\n".getBytes(StandardCharsets.UTF_8));
      rows.close();
      thread.join();
      assertThat(lines).hasSize(1);
    }
  }

  @Test
  void theRowsBeforeAWrongOneAreAnswered() {
    StringWriter out = new StringWriter();
    byte[] rows = "1,2,3\n4,5,6\n1,two,3\n1,2,3\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> stream(new ByteArrayInputStream(rows), new PrintWriter(out)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("standard input:3: column 1: expected a number, found 'two'");
    assertThat(out.toString()).hasLineCount(2);
  }

  @Test
  void columnsAreThoseOfTheTrainBlockByNumberOrName() throws Exception {
    use(Workspace.TINY.replace("x = columns(0..2) / 2", "x = columns(\"c\", \"a\", \"b\") / 2"));
    String named = predict("a,b,unused,c\n1,2,text,3\n");
    use(Workspace.TINY);
    assertThat(predict("3,1,2\n")).isEqualTo(named);
  }

  /** Where no columns are chosen, a value too many has shifted the others, or belongs to another model. */
  @Test
  void rowsOfAModelThatReadsNoCsvHaveItsInputsAlone() throws Exception {
    String chosen = predict("1,2,3\n");
    use(
        Workspace.TINY.replaceFirst(
            "(?m)^  data .*$", "  data idx(a = \"a\", b = \"b\") { x = a / 2; y = b }"));
    assertThat(predict("1,2,3\n")).isEqualTo(chosen);
    assertThatThrownBy(() -> predict("1,2,3,4\n"))
        .hasMessageContaining("standard input:1: expected 3 fields, found 4");
    assertThatThrownBy(() -> predict("1,2\n"))
        .hasMessageContaining("standard input:1: expected 3 fields, found 2");
    assertThatThrownBy(() -> predict("1,2,3\n1,2,3,4\n"))
        .hasMessageContaining("standard input:2: expected 3 fields, as in line 1, found 4");
  }

  @Test
  void aValueThatAnInputDoesNotTakeNamesItsLine() {
    use(
        Workspace.TINY
            .replace("input y: i32[B]", "input y: i32[B]\n  input on: bool[B]")
            .replace("output p = softmax(logits)", "output p = where(on, guess, 0)")
            .replace("y = column(\"label\")", "y = column(\"label\"); on = column(3)"));
    assertThatThrownBy(() -> predict("1,2,3,1\n1,2,3,0.5\n"))
        .hasMessageContaining("standard input:2: the input 'on' takes 0 or 1, found 0.5");
  }

  @Test
  void noRowsGiveNoLines() throws Exception {
    assertThat(predict("")).isEmpty();
  }

  @Test
  void anOutputThatDoesNotComeRowByRowIsRefused() {
    use(Workspace.TINY.replace("output p = softmax(logits)", "output p = logits.T"));
    assertThatThrownBy(() -> predict("1,2,3\n"))
        .isInstanceOf(CompileException.class)
        .hasMessageContaining("does not come row by row");
  }
}
