package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nnc.cli.data.Batches;
import nnc.cli.data.Lengths;
import nnc.cli.metrics.EpochReport;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.model.Program;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Team;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of similar length in batches of their own, for which the model is compiled once more. */
final class BucketsTest {
  private static final int ROWS = 3000;
  private static final int SEED = 3;

  /** What is padding counts nowhere. */
  private static final String MODEL =
      """
      model M {
        dim B = 64
        dim S <= 12
        dim T <= 13
        input letters: i32[B, S]
        input before: i32[B, T]
        input after: i32[B, T]
        known  = letters != 0
        vector = mean(Embedding(16, 6)(letters) over S where reshape(known, (B, S, 1)))
        logits = Embedding(16, 6)(before) + reshape(vector, (B, 1, 6)) |> GRU(6) |> Dense(16)
        loss   = cross_entropy(logits, after, ignore = 0)
        metric accuracy = mean(argmax(logits) == after where after != 0)
      }
      train M {
        data pairs("data.tsv", spelling = chars(16), sound = chars(16)) {
          letters = spelling; before = start(sound); after = end(sound); hold out 10%
        }
        optimizer Adam(lr = 1e-2)
      }
      """;

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      int length = 1 + random.nextInt(12);
      StringBuilder word = new StringBuilder();
      random.ints(length, 'a', 'k').forEach(word::appendCodePoint);
      text.append(word).append('\t').append(word.reverse()).append('\n');
    }
    Files.writeString(directory.resolve("data.tsv"), text);
  }

  /** A model of its own, for all lengths or for several. */
  private final class Run implements AutoCloseable {
    final Compilation compilation;
    final TrainingData data;
    final CompiledModel model;
    final List<Batches.Bucket> buckets;
    final Buckets compiled;
    private final Team team = Team.of(2);

    Run(String text, boolean grouped) {
      Program program = Project.of(new Source("m.nn", text), Optional.empty());
      compilation = Compiler.compile(program, Compiler.Options.DEFAULT);
      data = TrainingData.read(compilation.model(), directory, Optional.empty(), SEED);
      model = compilation.load();
      model.initialise(SEED);
      compiled = Buckets.of(program, Compiler.Options.DEFAULT, compilation, model, data);
      List<Batches.Bucket> all = compiled.open(team);
      buckets = grouped ? all : List.of(all.getLast());
    }

    Trainer trainer(RunPosition from) {
      return new Trainer(compilation, data, buckets, 2, OptionalInt.empty(), SEED, from);
    }

    Batches batches() {
      return new Batches(data.data(), new Lengths(compilation.model(), data.data()), buckets);
    }

    @Override
    public void close() {
      buckets.forEach(bucket -> bucket.session().close());
      team.close();
    }
  }

  @Test
  void halfOfTheRowsAndNineTenthsAreCompiledFor() {
    try (Run run = new Run(MODEL, true)) {
      assertThat(run.compiled.remarks())
          .containsExactly("compiled for S <= 6 T <= 7, S <= 11 T <= 12, S <= 12 T <= 13");
    }
  }

  /** A model for shorter rows would take fewer columns than the train block names. */
  @Test
  void zerosAtTheEndOfNumbersAreNoPadding() throws IOException {
    Files.writeString(directory.resolve("data.csv"), "1,0,0,1\n1,2,3,6\n".repeat(ROWS));
    String text =
        """
        model M {
          dim B = 64
          dim T <= 3
          input x: f32[B, T]
          input y: f32[B]
          param slope: [1] ~ normal(0, 1)
          loss = mean((sum(x over T) * slope - y)^2)
        }
        train M {
          data csv("data.csv") { x = columns(0..2); y = column(3) }
          optimizer SGD
        }
        """;
    try (Run run = new Run(text, true)) {
      assertThat(run.buckets).hasSize(1);
    }
  }

  @Test
  void eachRowComesOnceAnEpochInAnOrderOfTheSeed() {
    try (Run run = new Run(MODEL, true)) {
      Batches batches = run.batches();
      Batches.Plan plan = batches.plan(run.data.rows(), SEED, 1);
      List<Integer> visited = new ArrayList<>();
      for (Batches.Cut cut : plan.cuts()) {
        for (int i = cut.from(); i < cut.from() + cut.rows(); i++) {
          visited.add(plan.order()[i]);
          assertThat(run.data.data().columns().get(0).length(plan.order()[i]))
              .isLessThanOrEqualTo(run.buckets.get(cut.bucket()).sizes().get("S"));
        }
      }
      assertThat(visited).hasSize(run.data.rows().length);
      assertThat(visited.stream().sorted().mapToInt(row -> row).toArray())
          .isEqualTo(run.data.rows());
      assertThat(batches.plan(run.data.rows(), SEED, 1).cuts()).isEqualTo(plan.cuts());
      assertThat(batches.plan(run.data.rows(), SEED, 2).cuts()).isNotEqualTo(plan.cuts());
      assertThat(batches.plan(run.data.rows(), SEED + 1, 1).cuts()).isNotEqualTo(plan.cuts());
      int[] buckets = plan.cuts().stream().mapToInt(Batches.Cut::bucket).toArray();
      assertThat(Arrays.stream(buckets).limit(buckets.length / 2).distinct().count())
          .as("batches of all lengths come mixed")
          .isEqualTo(3);
    }
  }

  /** Parameters stand still, so that it does not matter which rows make a batch. */
  @Test
  void lossAndMetricsAreThoseOfTheModelForAllLengths() {
    String still = MODEL.replace("Adam(lr = 1e-2)", "SGD(lr = 0)");
    try (Run grouped = new Run(still, true);
        Run whole = new Run(still, false)) {
      EpochReport one = grouped.trainer(RunPosition.START).epoch(() -> false).orElseThrow();
      EpochReport other = whole.trainer(RunPosition.START).epoch(() -> false).orElseThrow();
      for (String name : List.of("loss", "accuracy")) {
        assertThat(one.train().get(name)).isCloseTo(other.train().get(name), within(1e-6));
        assertThat(one.heldOut().orElseThrow().get(name))
            .isCloseTo(other.heldOut().orElseThrow().get(name), within(1e-6));
      }
    }
  }

  @Test
  void aStepOnShortRowsIsThatOfTheModelForAllLengths() {
    for (String optimizer : List.of("Adam(lr = 1e-2)", "SGD(lr = 0.5)")) {
      String text = MODEL.replace("Adam(lr = 1e-2)", optimizer);
      try (Run grouped = new Run(text, true);
          Run whole = new Run(text, false)) {
        int[] shortest =
            IntStream.of(grouped.data.rows())
                .filter(row -> grouped.data.data().columns().get(0).length(row) <= 6)
                .limit(192)
                .toArray();
        for (Run run : List.of(grouped, whole)) {
          Batches batches = run.batches();
          Batches.Plan plan = batches.plan(shortest);
          for (int batch = 0; batch < 3; batch++) {
            var session = batches.feed(plan, batch);
            session.at(batch + 1, 1, 3, SEED);
            assertThat(session.step()).isTrue();
          }
        }
        assertThat(grouped.batches().plan(shortest).cuts()).allMatch(cut -> cut.bucket() == 0);
        float[] one = grouped.model.parameters();
        float[] other = whole.model.parameters();
        for (int i = 0; i < one.length; i++) {
          assertThat(one[i]).as(optimizer).isCloseTo(other[i], within(2e-5f));
        }
      }
    }
  }

  @Test
  void stoppedInTheMiddleOfAnEpochItGoesOnAsIfItHadNot() {
    try (Run whole = new Run(MODEL, true);
        Run stopped = new Run(MODEL, true)) {
      EpochReport expected = whole.trainer(RunPosition.START).epoch(() -> false).orElseThrow();
      AtomicInteger steps = new AtomicInteger();
      Trainer first = stopped.trainer(RunPosition.START);
      assertThat(first.epoch(() -> steps.incrementAndGet() == 17)).isEmpty();
      EpochReport resumed = stopped.trainer(first.position()).epoch(() -> false).orElseThrow();
      assertThat(resumed.train()).isEqualTo(expected.train());
      assertThat(resumed.heldOut()).isEqualTo(expected.heldOut());
      assertThat(stopped.model.parameters()).isEqualTo(whole.model.parameters());
    }
  }

  /** An input of another length that depends on the dim could not be cut: the model is compiled once. */
  @Test
  void anInputThatHasTheDimInAnotherWayIsNotCut() {
    String text =
        MODEL
            .replace("  dim T <= 13", "  dim T = S + 1")
            .replace("  known", "  mean_of_all = mean(after)\n  known");
    try (Run run = new Run(text, true)) {
      assertThat(run.buckets).hasSize(1);
      assertThat(run.trainer(RunPosition.START).epoch(() -> false)).isPresent();
    }
  }
}
