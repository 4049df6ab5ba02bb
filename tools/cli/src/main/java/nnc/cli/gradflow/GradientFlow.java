package nnc.cli.gradflow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import nnc.cli.data.Batches;
import nnc.cli.data.Lengths;
import nnc.cli.metrics.Charts;
import nnc.cli.train.Divergence;
import nnc.cli.train.Trainer;
import nnc.cli.train.TrainingData;
import nnc.cli.train.TrainingRun;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.model.TypedModel;
import nnc.data.Order;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;

/**
 * Trains a model as {@code nnc train} does, and looks at it in between: at one batch, the first of the training, always the same,
 * so that what is seen at different steps can be compared.
 */
public final class GradientFlow {
  private final TypedModel model;
  private final Facts facts;
  private final int rows;
  private final long seed;
  private final int depth;
  private final List<Flow> flows;
  private final List<String> remarks;

  /** @param flows what was seen, in the order of steps */
  private GradientFlow(
      TypedModel model,
      Facts facts,
      int rows,
      long seed,
      int depth,
      List<Flow> flows,
      List<String> remarks) {
    this.model = model;
    this.facts = facts;
    this.rows = rows;
    this.seed = seed;
    this.depth = depth;
    this.flows = List.copyOf(flows);
    this.remarks = List.copyOf(remarks);
  }

  TypedModel model() {
    return model;
  }

  /** Of the batch. */
  int rows() {
    return rows;
  }

  long seed() {
    return seed;
  }

  List<Flow> flows() {
    return flows;
  }

  /** The values of a look, without states of recurrences that stand deeper than was asked for: these have tables of their own. */
  List<Flow.Value> shown(Flow flow) {
    return flow.values().stream().filter(value -> value.depth() <= depth).toList();
  }

  /** What the user should know. */
  List<String> remarks() {
    return remarks;
  }

  List<Cures.Cure> cures() {
    return Cures.of(flows, facts);
  }

  /** Tables, and what they mean. */
  public List<String> lines() {
    return FlowTable.of(this);
  }

  /** All figures. */
  public String json() {
    return FlowJson.of(this);
  }

  /** Draws a picture. */
  public void draw(Path file) {
    Charts.write(file, () -> FlowCharts.of(this));
  }

  /**
   * What is asked for.
   *
   * @param steps after how many steps of training it is looked at, in ascending order
   * @param depth of what is looked at inside of layers
   */
  public record Request(TrainingRun.Request training, List<Long> steps, int depth) {}

  /**
   * Looks at a model.
   *
   * @param telling hears what is being done
   * @throws nnc.compiler.source.CompileException if the model cannot be trained
   */
  public static GradientFlow of(Request request, Consumer<String> telling) {
    telling.accept("reading the data, compiling the model …");
    TrainingRun run = TrainingRun.prepare(request.training());
    TypedModel typed = run.compilation().model();
    TappedGraph tapped =
        new TappedGraph(
            typed, NamedValues.of(request.training().program(), typed.name()), request.depth());
    Compilation compilation =
        Compiler.compile(
            typed, Compiler.Options.DEFAULT.with(request.training().optimizations()), tapped);
    CompiledModel model = compilation.load();
    model.share(run.model());
    try (Team team = Team.of(request.training().threads());
        Session session = model.session(team)) {
      feed(session, typed, run);
      Observer observer = new Observer(session, tapped.taps());
      Looks looks = new Looks(run, run.trainer(team), observer, telling);
      request.steps().forEach(looks::at);
      return new GradientFlow(
          typed,
          Facts.of(request.training().program(), typed),
          session.rows(),
          run.seed(),
          request.depth(),
          looks.flows,
          looks.remarks);
    }
  }

  /** The first batch of the first epoch. */
  private static void feed(Session session, TypedModel model, TrainingRun run) {
    TrainingData data = run.data();
    Batches batches =
        new Batches(
            data.data(),
            new Lengths(model, data.data()),
            List.of(new Batches.Bucket(session, model.bounded())));
    int[] order = Order.shuffled(data.rows().length, run.seed(), 1);
    for (int i = 0; i < order.length; i++) {
      order[i] = data.rows()[order[i]];
    }
    batches.feed(batches.plan(order), 0);
  }

  /** A training that is looked at now and then. */
  private static final class Looks {
    private final TrainingRun run;
    private final Trainer trainer;
    private final Observer observer;
    private final Consumer<String> telling;
    private final List<Flow> flows = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private boolean over;

    Looks(TrainingRun run, Trainer trainer, Observer observer, Consumer<String> telling) {
      this.run = run;
      this.trainer = trainer;
      this.observer = observer;
      this.telling = telling;
    }

    void at(long step) {
      if (over) {
        return;
      }
      telling.accept("training to step " + step + " …");
      try {
        while (steps() < step && !trainer.finished()) {
          trainer.epoch(() -> steps() >= step);
        }
      } catch (Divergence diverged) {
        over = true;
        remarks.add("the training diverges after step " + steps() + ", and ends there");
      }
      if (!over && steps() < step) {
        over = true;
        remarks.add("the training ends with step " + steps() + ": --epochs N makes it longer");
      }
      if (flows.isEmpty() || flows.getLast().step() < steps()) {
        flows.add(
            observer.look(
                steps(), trainer.position().epochs() + 1L, trainer.allSteps(), run.seed()));
      }
    }

    private long steps() {
      return trainer.position().steps();
    }
  }
}
