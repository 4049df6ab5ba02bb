package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import nnc.cli.output.Durations;
import nnc.cli.train.StepReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgressLineTest {
  private static final StepReport STEP =
      new StepReport(1, 3, 41, 100, Map.of("loss", 2.31, "accuracy", 0.5), 1234, 85, 122, 2000);

  @Test
  void aLineSaysHowFarTheEpochIs() {
    assertThat(ProgressLine.line(STEP))
        .isEqualTo("epoch 1/3  41 %  loss 2.3100  1,234 examples/s  2 min left");
  }

  @Test
  void aBarHasTheBatchesAndTheTimeLeftOfAll() {
    assertThat(ProgressLine.bar(STEP))
        .isEqualTo(
            "epoch 1/3 [########            ] 41/100  loss 2.3100  1,234 examples/s  2 min left, 33 min in all");
  }

  @Test
  void afterTheFirstStepNobodyKnowsTheTimeLeft() {
    StepReport first =
        new StepReport(1, 3, 1, 100, Map.of("loss", 2.31), 12, 85, Double.NaN, Double.NaN);
    assertThat(ProgressLine.line(first)).endsWith("  12 examples/s");
    assertThat(ProgressLine.bar(first)).endsWith("  12 examples/s");
  }

  @Test
  void aPipeGetsNothingOfAShortEpochAndNoControlCharacters() {
    StringWriter text = new StringWriter();
    ProgressLine line = new ProgressLine(new PrintWriter(text), false);
    for (int step = 0; step < 1000; step++) {
      line.step(() -> STEP);
    }
    line.print(List.of("the epoch"));
    assertThat(text).hasToString("the epoch" + System.lineSeparator());
  }

  @Test
  void inATerminalLinesTakeThePlaceOfTheBar() throws InterruptedException {
    StringWriter text = new StringWriter();
    ProgressLine line = new ProgressLine(new PrintWriter(text), true);
    Thread.sleep(150);
    line.step(() -> STEP);
    line.step(() -> STEP);
    assertThat(text.toString().split("epoch 1/3", -1)).as("drawn too often").hasSize(2);
    line.print(List.of("the epoch"));
    assertThat(text.toString())
        .endsWith("\r\033[?7l\033[K\033[?7hthe epoch" + System.lineSeparator());
  }

  @ParameterizedTest
  @CsvSource({
    "0.4, 0 s",
    "59.4, 59 s",
    "59.6, 1 min",
    "3569, 59 min",
    "3599, 1 h 0 min",
    "11100, 3 h 5 min"
  })
  void timesAreSaidAsPeopleDo(double seconds, String text) {
    assertThat(Durations.of(seconds)).isEqualTo(text);
  }
}
