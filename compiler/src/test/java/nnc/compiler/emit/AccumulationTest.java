package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.Project;
import nnc.compiler.ir.Tensor;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of several batches are, together, that of all their rows. */
final class AccumulationTest {
  private static final String MEAN = "cross_entropy(logits, y)";
  private static final String KEPT = "cross_entropy(logits, y, ignore = 0)";
  private static final String PENALIZED = KEPT + " + 0.1 * sum(E^2) + mean(hidden.W^2)";
  private static final String SUM = "0.02 * cross_entropy(logits, y, reduce = sum)";
  private static final int ROWS = 64;
  private static final int GROUPS = 3;

  private static Compilation compiled(String loss, String optimizer, int batch, int accumulated) {
    String text =
        """
        model M {
          dim B = %d
          input id: i32[B]
          input y: i32[B]
          param E: [50, 5] ~ normal(0, 1)
          hidden = Dense(7, tanh)
          logits = E[id] |> hidden |> Dense(4)
          loss = %s
        }
        train M {
          optimizer  %s
          clip       norm 0.3
          accumulate %d
        }
        """
            .formatted(batch, loss, optimizer, accumulated);
    return Compiler.compile(
        Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
  }

  /** Ids and classes of a group of batches; the last group is smaller. */
  private static int[][] rows(int group) {
    Random random = new Random(group);
    int count = group == GROUPS - 1 ? 27 : ROWS;
    return new int[][] {
      random.ints(count, 0, 50).toArray(), random.ints(count, 0, 4).map(y -> y % 3).toArray()
    };
  }

  private static CompiledModel accumulated(String loss, String optimizer, int threads) {
    CompiledModel model = compiled(loss, optimizer, 16, 4).load();
    model.initialise(1);
    try (Team team = Team.of(threads);
        Session session = model.session(team)) {
      for (int group = 0; group < GROUPS; group++) {
        int[][] rows = rows(group);
        for (int from = 0; from < rows[0].length; from += 16) {
          int to = Math.min(from + 16, rows[0].length);
          session.feed("id", Arrays.copyOfRange(rows[0], from, to));
          session.feed("y", Arrays.copyOfRange(rows[1], from, to));
          assertThat(to < rows[0].length ? session.accumulate() : session.step()).isTrue();
        }
        assertThat(session.k()).isEqualTo(group + 2);
      }
    }
    return model;
  }

  /** With SGD of the table only rows are visited that ids name, with Adam all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        MEAN + "#SGD(lr = 0.5)",
        KEPT + "#SGD(lr = 0.5)",
        SUM + "#SGD(lr = 0.5)",
        KEPT + "#Adagrad(lr = 0.05)",
        PENALIZED + "#Adam(lr = 1e-2)",
        PENALIZED + "#SGD(lr = 0.5)"
      })
  void fourBatchesOf16AreOneOf64(String kind) {
    String loss = kind.substring(0, kind.indexOf('#'));
    String optimizer = kind.substring(kind.indexOf('#') + 1);
    Compilation whole = compiled(loss, optimizer, ROWS, 1);
    CompiledModel first = whole.load();
    first.initialise(1);
    InterpretedTraining exact = new InterpretedTraining(whole);
    exact.copyParameters(first);
    for (int group = 0; group < GROUPS; group++) {
      int[][] rows = rows(group);
      exact.step(Map.of("id", tensor(rows[0]), "y", tensor(rows[1])));
    }
    CompiledModel model = accumulated(loss, optimizer, 1);
    for (Signature.Parameter parameter : model.signature().parameters()) {
      float[] values = model.parameter(parameter.path());
      double[] expected = exact.parameter(parameter.path()).values();
      assertThat(values).as("trained").isNotEqualTo(first.parameter(parameter.path()));
      for (int i = 0; i < values.length; i++) {
        assertThat((double) values[i])
            .as(parameter.path() + " " + i)
            .isCloseTo(expected[i], within(2e-5));
      }
    }
    assertThat(accumulated(loss, optimizer, 2).parameters()).isEqualTo(model.parameters());
  }

  /** As where another session has trained meanwhile, and the gradients are those of parameters that are gone. */
  @Test
  void gradientsCanBeGivenUp() {
    CompiledModel forgetful = compiled(KEPT, "SGD(lr = 0.5)", ROWS, 2).load();
    CompiledModel plain = compiled(KEPT, "SGD(lr = 0.5)", ROWS, 2).load();
    for (CompiledModel model : List.of(forgetful, plain)) {
      model.initialise(1);
      try (Team team = Team.of(1);
          Session session = model.session(team)) {
        if (model == forgetful) {
          feed(session, rows(1));
          assertThat(session.accumulate()).isTrue();
          session.forget();
        }
        feed(session, rows(0));
        assertThat(session.step()).isTrue();
      }
    }
    assertThat(forgetful.parameters()).isEqualTo(plain.parameters());
  }

  private static void feed(Session session, int[][] rows) {
    session.feed("id", rows[0]);
    session.feed("y", rows[1]);
  }

  private static Tensor tensor(int[] values) {
    return new Tensor(new int[] {values.length}, Arrays.stream(values).asDoubleStream().toArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sqrt(mean(x^2) + sum(w))",
        "mean(x * sum(w)) + sum(w^2) + sum(x over B)[0]",
        "sum(x * w) + sum(w^2)",
        "sum(x * w) / sum(abs(x * w))",
        "mean(x * w) * mean(x)",
        "max(x * w)",
        "mean(x * w where x > 0) + mean(x * w where x < 0)"
      })
  void aLossThatIsNeitherAMeanNorASumIsRefused(String loss) {
    assertThatThrownBy(() -> simple(loss))
        .isInstanceOf(CompileException.class)
        .hasMessageContaining("the gradients of several batches cannot be put together");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mean(x * w)",
        "-mean(mean(x * w over B)) / 3",
        "0.5 * (mean(x * w) + sum(mean(x * w over 0)) - sum(w^2))",
        "sum(x * w) / B + sum(w^2)",
        "sum(where(x > 0, x * w, 0)) / sum(x > 0) + 0.1",
      })
  void meansAndWhatStandsBesideThemAreUnderstood(String loss) {
    assertThat(simple(loss).model().train().accumulation().batches()).isEqualTo(2);
  }

  private static Compilation simple(String loss) {
    String text =
        "model M { dim B = 4; input x: f32[B, 3]; param w: [3]; loss = "
            + loss
            + " }\ntrain M { optimizer SGD(lr = 0.1); accumulate 2 }\n";
    return Compiler.compile(
        Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
  }

  @Test
  void batchesOfAStepDrawDifferentNumbers() {
    String text =
        "model M { dim B = 4; input x: f32[B]; param w: []; output r = uniform_like(x); loss = mean(x * w * r) }\n"
            + "train M { optimizer SGD(lr = 0.1); accumulate 2 }\n";
    CompiledModel model =
        Compiler.compile(
                Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT)
            .load();
    List<Float> losses = new ArrayList<>();
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      model.setParameter("w", new float[] {1});
      for (int batch = 0; batch < 4; batch++) {
        session.feed("x", 1, 1, 1, 1);
        assertThat(batch % 2 == 0 ? session.accumulate() : session.step()).isTrue();
        losses.add(session.loss() / (batch < 2 ? 1 : model.parameter("w")[0]));
      }
    }
    assertThat(losses).doesNotHaveDuplicates();
  }

  /** What the block says is no limit: eight batches of four ids each, in a block that says two. */
  @Test
  void moreBatchesThanTheBlockSaysAreASumToo() {
    List<CompiledModel> models = new ArrayList<>();
    for (int batch : new int[] {4, 32}) {
      CompiledModel model = compiled(MEAN, "SGD(lr = 0.5)", batch, 2).load();
      model.initialise(1);
      try (Team team = Team.of(1);
          Session session = model.session(team)) {
        for (int from = 0; from < 32; from += batch) {
          session.feed("id", IntStream.range(from, from + batch).toArray());
          session.feed("y", IntStream.range(from, from + batch).map(i -> i % 4).toArray());
          assertThat(from + batch < 32 ? session.accumulate() : session.step()).isTrue();
        }
      }
      models.add(model);
    }
    assertThat(models.get(0).parameter("E"))
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(models.get(1).parameter("E"));
  }

  @Test
  void aModelThatDoesNotSayItRefuses() {
    CompiledModel model = compiled(MEAN, "SGD(lr = 0.5)", 4, 1).load();
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      assertThatThrownBy(session::accumulate)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("write accumulate 4");
    }
  }
}
