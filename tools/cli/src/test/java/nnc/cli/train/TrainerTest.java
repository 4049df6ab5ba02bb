package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nnc.cli.Workspace;
import nnc.cli.data.Batches;
import nnc.cli.metrics.EpochReport;
import nnc.cli.metrics.IntervalReport;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.Project;
import nnc.compiler.ir.Tensor;
import nnc.compiler.model.Program;
import nnc.compiler.source.Source;
import nnc.data.Order;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainerTest {
  private static final int SEED = 3;

  @TempDir Path directory;

  private Program program;

  @BeforeEach
  void read() {
    program = Project.read(new Workspace(directory).path("tiny.nn"), Optional.empty());
  }

  /** A model of its own and a trainer of it. */
  private final class Run implements AutoCloseable {
    final Compilation compilation;
    final TrainingData data;
    final CompiledModel model;
    final Session session;
    final Trainer trainer;
    private final Team team = Team.of(1);

    Run(int batch) {
      compilation = Compiler.compile(program, Compiler.Options.DEFAULT.with(Map.of("B", batch)));
      data = TrainingData.read(compilation.model(), directory, Optional.empty(), SEED);
      model = compilation.load();
      model.initialise(SEED);
      session = model.session(team);
      trainer = trainer(RunPosition.START);
    }

    Trainer trainer(RunPosition from) {
      return new Trainer(
          compilation,
          data,
          List.of(new Batches.Bucket(session, Map.of())),
          2,
          OptionalInt.empty(),
          SEED,
          from);
    }

    @Override
    public void close() {
      session.close();
      team.close();
    }
  }

  @Test
  void stoppedInTheMiddleOfAnEpochItGoesOnAsIfItHadNot() {
    try (Run whole = new Run(5);
        Run stopped = new Run(5)) {
      EpochReport expected = whole.trainer.epoch(() -> false).orElseThrow();
      AtomicInteger steps = new AtomicInteger();
      assertThat(stopped.trainer.epoch(() -> steps.incrementAndGet() == 3)).isEmpty();
      RunPosition position = stopped.trainer.position();
      assertThat(position.epochs()).isZero();
      assertThat(position.batches()).isEqualTo(3);
      EpochReport resumed = stopped.trainer(position).epoch(() -> false).orElseThrow();
      assertThat(resumed.train()).isEqualTo(expected.train());
      assertThat(resumed.heldOut()).isEqualTo(expected.heldOut());
      assertThat(stopped.model.parameters()).isEqualTo(whole.model.parameters());
    }
  }

  /** 32 steps in three intervals; stopped in the second. */
  @Test
  void stoppedInTheMiddleOfAnIntervalItHasTheSameIntervals() {
    List<IntervalReport> expected = new ArrayList<>();
    List<IntervalReport> found = new ArrayList<>();
    try (Run whole = new Run(1);
        Run stopped = new Run(1)) {
      whole.trainer.onInterval(expected::add);
      EpochReport epoch = whole.trainer.epoch(() -> false).orElseThrow();
      assertThat(expected).extracting(IntervalReport::step).containsExactly(11L, 22L, 32L);
      assertThat(expected).extracting(IntervalReport::epoch).containsExactly(0.3438, 0.6875, 1.0);
      double loss = 0;
      int[] rows = {11, 11, 10};
      for (int i = 0; i < rows.length; i++) {
        loss += rows[i] * expected.get(i).train().getOrDefault("loss", Double.NaN) / 32;
      }
      assertThat(loss).isCloseTo(epoch.train().get("loss"), within(1e-12));
      AtomicInteger steps = new AtomicInteger();
      stopped.trainer.onInterval(found::add);
      stopped.trainer.epoch(() -> steps.incrementAndGet() == 17);
      Trainer resumed = stopped.trainer(stopped.trainer.position());
      resumed.onInterval(found::add);
      resumed.epoch(() -> false);
      assertThat(found).isEqualTo(expected);
    }
  }

  /** Asked after six of seven steps, then before each of three batches of held-out rows. */
  @Test
  void stoppedInTheEvaluationItEvaluatesAgainAsIfItHadNotStopped() {
    try (Run whole = new Run(5);
        Run stopped = new Run(5)) {
      EpochReport expected = whole.trainer.epoch(() -> false).orElseThrow();
      AtomicInteger asked = new AtomicInteger();
      assertThat(stopped.trainer.epoch(() -> asked.incrementAndGet() == 8)).isEmpty();
      RunPosition position = stopped.trainer.position();
      assertThat(position.epochs()).isZero();
      assertThat(position.batches()).isEqualTo(7);
      Trainer resumed = stopped.trainer(position);
      EpochReport report = resumed.epoch(() -> false).orElseThrow();
      assertThat(report.train()).isEqualTo(expected.train());
      assertThat(report.heldOut()).isEqualTo(expected.heldOut());
      assertThat(resumed.position()).isEqualTo(whole.trainer.position());
      resumed.epoch(() -> false);
      whole.trainer.epoch(() -> false);
      assertThat(stopped.model.parameters()).isEqualTo(whole.model.parameters());
    }
  }

  @Test
  void aReportInTheMiddleOfAnEpochSaysWhatIsLeft() {
    try (Run run = new Run(5)) {
      AtomicInteger steps = new AtomicInteger();
      run.trainer.epoch(() -> steps.incrementAndGet() == 3);
      StepReport report = run.trainer.report();
      assertThat(report.batch()).isEqualTo(3);
      assertThat(report.batches()).isEqualTo(7);
      assertThat(report.examplesPerSecond())
          .isCloseTo(15 / report.seconds(), withinPercentage(1e-6));
      double secondsPerRow = report.secondsLeftInEpoch() / 17;
      assertThat(secondsPerRow)
          .isBetween(0.0, report.seconds() / 10); // those of the first step do not count
      assertThat(report.secondsLeft()).isCloseTo((17 + 32) * secondsPerRow, withinPercentage(1e-6));
      assertThat(report.train().get("loss")).isBetween(0.1, 3.0);
    }
  }

  @Test
  void anEpochWithASmallerLastBatchIsThatOfTheInterpreter() {
    try (Run run = new Run(10)) {
      InterpretedTraining interpreted = new InterpretedTraining(run.compilation);
      interpreted.copyParameters(run.model);
      run.trainer.epoch(() -> false);
      int[] order = Order.shuffled(32, SEED, 1);
      interpreted.at(1, 1, 8, SEED);
      for (int from = 0; from < 32; from += 10) {
        int start = from;
        int[] rows =
            IntStream.range(from, Math.min(32, from + 10))
                .map(i -> run.data.rows()[order[i]])
                .toArray();
        assertThat(rows).hasSize(start == 30 ? 2 : 10);
        interpreted.step(Map.of("x", column(run, 0, rows, 3), "y", column(run, 1, rows)));
      }
      for (String path : new String[] {"dense1.W", "dense1.b", "dense2.W", "dense2.b"}) {
        float[] generated = run.model.parameter(path);
        double[] exact = interpreted.parameter(path).values();
        for (int i = 0; i < exact.length; i++) {
          assertThat((double) generated[i]).as(path).isCloseTo(exact[i], within(1e-5));
        }
      }
    }
  }

  private static Tensor column(Run run, int number, int[] rows, int... inner) {
    int perRow = run.data.data().columns().get(number).perRow();
    double[] values = new double[rows.length * perRow];
    float[] row = new float[perRow];
    for (int i = 0; i < values.length; i++) {
      run.data.data().columns().get(number).copy(rows[i / perRow], perRow, row, 0);
      values[i] = row[i % perRow];
    }
    int[] shape = inner.length == 0 ? new int[] {rows.length} : new int[] {rows.length, inner[0]};
    return new Tensor(shape, values);
  }

  /** 32 rows in batches of 4, 3 of which make a step: the last step of an epoch has 8 rows. */
  @Test
  void accumulatedBatchesAreAsOneLargeBatch() {
    String text =
        Workspace.TINY
            .replace(" |> Dropout(0.2)", "")
            .replace("optimizer", "accumulate 3\n  optimizer");
    program = Project.of(new Source("t.nn", text), Optional.empty());
    try (Run few = new Run(4)) {
      program =
          Project.of(
              new Source("t.nn", text.replace("accumulate 3", "accumulate 1")), Optional.empty());
      try (Run many = new Run(12)) {
        EpochReport expected = many.trainer.epoch(() -> false).orElseThrow();
        EpochReport found = few.trainer.epoch(() -> false).orElseThrow();
        assertThat(found.step()).isEqualTo(expected.step()).isEqualTo(3);
        assertThat(few.session.steps()).isEqualTo(6);
        assertThat(found.train().get("loss")).isCloseTo(expected.train().get("loss"), within(1e-6));
        for (String path : new String[] {"dense1.W", "dense1.b", "dense2.W", "dense2.b"}) {
          float[] exact = many.model.parameter(path);
          float[] values = few.model.parameter(path);
          for (int i = 0; i < exact.length; i++) {
            assertThat(values[i]).as(path).isCloseTo(exact[i], within(1e-5f));
          }
        }
      }
    }
  }

  @Test
  void heldOutFiguresDoNotDependOnHowBatchesAreCut() {
    Map<String, Double> few;
    try (Run run = new Run(3)) {
      few = run.trainer.heldOut(() -> false).orElseThrow();
    }
    try (Run run = new Run(64)) {
      Map<String, Double> all = run.trainer.heldOut(() -> false).orElseThrow();
      assertThat(all.get("accuracy")).isEqualTo(few.get("accuracy"));
      assertThat(all.get("loss")).isCloseTo(few.get("loss"), within(1e-6));
    }
  }
}
