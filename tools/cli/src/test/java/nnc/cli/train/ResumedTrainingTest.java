package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import nnc.cli.Workspace;
import nnc.cli.metrics.EpochReport;
import nnc.cli.metrics.ProbeReport;
import nnc.compiler.Project;
import nnc.compiler.ir.Optimizations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainings that stop after their third step, in the first epoch, and go on when something has changed. */
final class ResumedTrainingTest {
  @TempDir Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() {
    workspace = new Workspace(directory);
  }

  /** Ends a training as a crash would, in its fourth step. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Writes down the epochs. */
  private static final class Epochs implements TrainingRun.Listener {
    final List<EpochReport> reports = new ArrayList<>();
    private int left;

    Epochs(int steps) {
      this.left = steps;
    }

    @Override
    public void firstStep() {}

    @Override
    public void step(Supplier<StepReport> report) {
      if (left-- == 0) {
        throw new Crash();
      }
    }

    @Override
    public void epoch(EpochReport report) {
      reports.add(report);
    }

    @Override
    public void probe(ProbeReport report) {}

    @Override
    public void end(List<String> lines, boolean stopped) {}
  }

  private TrainingRun prepare(boolean resume) {
    Path out = workspace.path("run");
    return TrainingRun.prepare(
        new TrainingRun.Request(
            Project.read(workspace.path("tiny.nn"), Optional.empty()),
            directory,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1,
            Optimizations.ALL,
            resume ? Optional.of(Checkpoint.read(out)) : Optional.empty(),
            Optional.empty(),
            Optional.of(out),
            Duration.ZERO,
            Optional.empty(),
            false,
            List.of()));
  }

  private void crashAfterThreeSteps() {
    TrainingRun run = prepare(false);
    assertThatThrownBy(() -> run.go(new Epochs(3))).isInstanceOf(Crash.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dim B = 4 | dim B = 8               | a batch has 8 rows, and had 4      | 7
          epochs 3  | epochs 3; accumulate 3  | a step has 3 batches, and had 1    | 6
          """)
  void anEpochWithOtherBatchesBeginsAgain(String part, String other, String told, long steps) {
    crashAfterThreeSteps();
    workspace.variant("tiny.nn", part, other);
    TrainingRun resumed = prepare(true);
    assertThat(resumed.summary()).contains(told, "so epoch 1 begins again");
    Epochs epochs = new Epochs(Integer.MAX_VALUE);
    resumed.go(epochs);
    assertThat(epochs.reports.getFirst().step()).isEqualTo(steps);
  }

  private static final String PAIRS =
      """
      model Tiny {
        dim B = 64
        dim T <= 13
        input a: i32[B, T]
        input b: i32[B, T]
        loss = cross_entropy(Embedding(16, 4)(a) |> Dense(16), b, ignore = 0)
      }
      train Tiny {
        data pairs("pairs.tsv", a = chars(16), b = chars(16)) { a = a; b = b }
        optimizer Adam(lr = 1e-2)
        epochs 1
      }
      """;

  /** All rows fit in both, and no batch has another number of them; but others go together. */
  @Test
  void anotherBoundThatCutsOtherBatchesBeginsTheEpochAgain() {
    StringBuilder pairs = new StringBuilder();
    for (int row = 0; row < 3000; row++) {
      String word = "abcdefghijkl".substring(0, 1 + row % 12);
      pairs.append(word).append('\t').append(word).append('\n');
    }
    workspace.write("pairs.tsv", pairs.toString());
    workspace.write("tiny.nn", PAIRS);
    crashAfterThreeSteps();
    workspace.write("tiny.nn", PAIRS.replace("T <= 13", "T = 13"));
    assertThat(prepare(true).summary())
        .contains(
            "a batch has sequences of all lengths, and had those of T <= 6, or T <= 11, or T <= 13",
            "so epoch 1 begins again");
    workspace.write("tiny.nn", PAIRS);
    assertThat(prepare(true).summary())
        .contains("going on after step 3, in epoch 1 of 1")
        .doesNotContain("so epoch 1 begins again");
  }

  @Test
  void withOtherRowsItBeginsAgainAndTheHeldOutOnesAreNotTrusted() {
    crashAfterThreeSteps();
    workspace.write("rows.csv", Workspace.rows(60));
    TrainingRun resumed = prepare(true);
    assertThat(resumed.summary())
        .contains("so epoch 1 begins again")
        .anyMatch(line ->
            line.startsWith("the data has 60 rows, 45 of them to train on, and had 43 and 32 "));
    Epochs epochs = new Epochs(Integer.MAX_VALUE);
    resumed.go(epochs);
    assertThat(epochs.reports.getFirst().step()).isEqualTo(3 + 12);
  }

  @Test
  void withNothingChangedItGoesOnInItsEpoch() {
    crashAfterThreeSteps();
    TrainingRun resumed = prepare(true);
    assertThat(resumed.summary()).contains("going on after step 3, in epoch 1 of 3").hasSize(2);
    Epochs epochs = new Epochs(Integer.MAX_VALUE);
    resumed.go(epochs);
    assertThat(epochs.reports.getFirst().step()).isEqualTo(8);
  }
}
