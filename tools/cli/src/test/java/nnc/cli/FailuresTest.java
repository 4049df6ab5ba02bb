package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.DataException;
import nnc.runtime.TensorFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class FailuresTest {
  private record Told(Throwable thrown, String text) {}

  static final List<Told> OF_THE_INPUT =
      List.of(
          new Told(
              new CompileException(Diagnostic.of("shape", "sizes differ")),
              "error[shape]: sizes differ"),
          new Told(
              new DataException("a.csv", 7, "expected a number, found 'x'", "mend it"),
              "error[data]: a.csv:7: expected a number, found 'x'\n  = help: mend it"),
          new Told(
              new TensorFileException("a.st", "W", "shape [2]", "shape [3]", "write it again"),
              "a.st: tensor 'W': expected shape [2], found shape [3]"),
          new Told(
              new CompletionException(new DataException("b.csv", "found nothing", "look")),
              "error[data]: b.csv: found nothing"),
          new Told(new StackOverflowError(), "nested too deeply"),
          new Told(new OutOfMemoryError("heap"), "NNC_JAVA_OPTIONS=-Xmx"));

  private final StringWriter err = new StringWriter();
  private final Failures failures =
      new Failures(new PrintWriter(err), new String[] {"train", "m.nn"});

  @ParameterizedTest
  @FieldSource("OF_THE_INPUT")
  void whatIsWrongWithTheInputIsToldWithoutAStackTrace(Told told) {
    assertThat(failures.report(told.thrown())).isEqualTo(1);
    assertThat(err.toString()).contains(told.text()).doesNotContain("\tat ");
  }

  @Test
  void aDefectIsToldInTwoLinesAndItsTraceGoesIntoAFile() throws Exception {
    assertThat(failures.report(new IllegalStateException("planner: no place\nsecond line")))
        .isEqualTo(70);
    String text = err.toString();
    assertThat(text)
        .hasLineCount(2)
        .contains("internal error: java.lang.IllegalStateException: planner: no place")
        .contains("please report it");
    Path trace =
        Path.of(text.substring(text.indexOf("with the file ") + "with the file ".length()).strip());
    assertThat(Files.readString(trace))
        .contains("nnc train m.nn")
        .contains("\tat nnc.cli.FailuresTest");
    Files.delete(trace);
  }

  @Test
  void ofADefectInAKernelTheLineOfTheModelIsTold() throws Exception {
    IllegalStateException thrown = new IllegalStateException("no room");
    thrown.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("nnc.runtime.Rows", "sum", "Rows.java", 7),
          new StackTraceElement("Encoder", "logits", "encoder.nn", 14),
          new StackTraceElement("nn.EncoderForward", "logits", "EncoderForward.java", 88)
        });
    failures.report(new IllegalStateException("outside", thrown));
    String text = err.toString();
    assertThat(text)
        .contains("IllegalStateException: outside, in the kernel 'logits' (encoder.nn:14)\n");
    Files.delete(
        Path.of(
            text.substring(text.indexOf("with the file ") + "with the file ".length()).strip()));
  }
}
