package nnc.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import nnc.cli.data.Batches;
import nnc.cli.data.Lengths;
import nnc.cli.metrics.EpochReport;
import nnc.cli.metrics.IntervalReport;
import nnc.cli.metrics.ProbeReport;
import nnc.cli.train.TrainingData.HeldOut;
import nnc.compiler.Compilation;
import nnc.data.Order;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/**
 * Trains a compiled model: shuffles the rows anew each epoch, cuts them into batches, the last of which has what is left, makes
 * a step for each, or for each few of them where gradients are accumulated, and evaluates the held-out rows.
 *
 * <p>What happens depends on model, data, seed and position alone: not on the number of threads, and not on where a run was
 * interrupted.
 */
public final class Trainer {
  private static final double NANOSECONDS = 1e-9;

  /** Four of them tell the intervals of an epoch apart. */
  private static final double EPOCH_DIGITS = 1e4;

  private final TrainingData data;
  private final int epochs;
  private final OptionalInt patience;
  private final int accumulated;
  private final long seed;
  private final Batches batches;
  private Batches.Plan plan;
  private final MeasureTotals totals;
  private final MeasureTotals interval;
  private final Optional<Evaluation> evaluation;
  private final long began = System.nanoTime();
  private final Speed speed = new Speed();
  private boolean warm;
  private Runnable onFirstStep = () -> {};
  private Runnable onStep = () -> {};
  private Consumer<IntervalReport> onInterval = report -> {};
  private Consumer<ProbeReport> onProbe = report -> {};
  private Optional<Trap> trap = Optional.empty();
  private Optional<Probes> probes = Optional.empty();

  // where the training stands, as in RunPosition
  private int completed;
  private int batch;
  private long steps;
  private double intervalBegan;
  private Optional<RunPosition.Best> best;

  // where it stood before the step that it is in, if there is a trap
  private RunPosition stepBegan;

  // of the epoch: its rows, in this run, and how long that took; of the one before, how long its
  // evaluation took
  private int trainedRows;
  private int leftRows;
  private long epochBegan;
  private double evaluationSeconds;

  /**
   * @param buckets sessions of models whose parameters are where {@code position} left them, and shared; from short sequences to
   *     long ones
   * @param epochs how many there are to be in all
   * @param patience how many epochs without a lower held-out loss end the training
   * @param seed what shuffling and dropout are drawn from
   */
  public Trainer(
      Compilation compilation,
      TrainingData data,
      List<Batches.Bucket> buckets,
      int epochs,
      OptionalInt patience,
      long seed,
      RunPosition position) {
    Signature signature = buckets.getLast().session().model().signature();
    this.data = data;
    this.epochs = epochs;
    this.patience = patience;
    this.accumulated = compilation.model().train().accumulation().batches();
    this.seed = seed;
    this.completed = position.epochs();
    this.batch = position.batches();
    this.steps = position.steps();
    this.best = position.best();
    this.batches = new Batches(data.data(), new Lengths(compilation.model(), data.data()), buckets);
    this.plan = planned();
    this.totals = new MeasureTotals(compilation.trainingMeasures(), signature);
    this.evaluation =
        data.heldOut()
            .map(HeldOut::data)
            .map(heldOut ->
                new Evaluation(
                    compilation.evaluationMeasures(),
                    new Batches(heldOut, new Lengths(compilation.model(), heldOut), buckets),
                    signature));
    totals.restore(position.totals(), plan.rows(batch));
    this.stepBegan = position;
    this.intervalBegan = position.interval().since();
    this.interval = new MeasureTotals(compilation.trainingMeasures(), signature);
    interval.restore(position.interval().totals(), position.interval().rows());
  }

  /** The batches of the epoch that comes next; each epoch has as many. */
  private Batches.Plan planned() {
    int[] order = Order.shuffled(data.rows().length, seed, completed + 1);
    for (int i = 0; i < order.length; i++) {
      order[i] = data.rows()[order[i]];
    }
    return batches.plan(order, seed, completed + 1);
  }

  /** What is to be done once, as soon as the first step has been made. */
  public void onFirstStep(Runnable action) {
    onFirstStep = action;
  }

  /** What is to be done after each step but the last of an epoch. */
  public void onStep(Runnable action) {
    onStep = action;
  }

  /** What is to be done at the end of each interval of an epoch, before anything else is done after its last step. */
  public void onInterval(Consumer<IntervalReport> action) {
    onInterval = action;
  }

  /** Each kernel of each step is looked at. */
  public void set(Trap wanted) {
    trap = Optional.of(wanted);
  }

  /** Some tensors are looked at in the last step of each interval, and what was seen is told behind the interval. */
  public void probe(Probes wanted, Consumer<ProbeReport> action) {
    probes = Optional.of(wanted);
    onProbe = action;
  }

  /** Where the training stood before the step in which the trap has sprung. */
  public RunPosition stepBegan() {
    return stepBegan;
  }

  /** Where the training stands, also in the middle of an epoch. */
  public RunPosition position() {
    return new RunPosition(
        completed,
        batch,
        steps,
        batch == 0 ? Map.of() : totals.saved(),
        interval.rows() == 0
            ? RunPosition.Interval.after(intervalBegan)
            : new RunPosition.Interval(intervalBegan, interval.rows(), interval.saved()),
        best);
  }

  /** How many steps all epochs have together. */
  public long allSteps() {
    return (long) epochs * Math.ceilDiv(plan.batches(), accumulated);
  }

  public boolean finished() {
    return completed >= epochs || position().endsEarly(patience);
  }

  /** How far the epoch is. */
  public StepReport report() {
    double seconds = seconds(epochBegan);
    double secondsPerRow = speed.secondsPerRow(System.nanoTime(), trainedRows);
    double left = leftRows * secondsPerRow;
    double secondsPerEpoch = data.rows().length * secondsPerRow + evaluationSeconds;
    return new StepReport(
        completed + 1,
        epochs,
        batch,
        plan.batches(),
        totals.values(),
        trainedRows / seconds,
        seconds,
        left,
        left + evaluationSeconds + (epochs - completed - 1) * secondsPerEpoch);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * NANOSECONDS;
  }

  /**
   * Loss and metrics over the held-out rows, if there are any.
   *
   * @param stop asked before each batch: empty if it was stopped
   */
  public Optional<Map<String, Double>> heldOut(BooleanSupplier stop) {
    return evaluation.flatMap(over -> over.of(data.heldOut().orElseThrow().rows(), stop));
  }

  /**
   * Trains to the end of the epoch, and evaluates the held-out rows. Stopped in between, all batches of the epoch have been
   * trained and it goes on with the evaluation.
   *
   * @param stop asked after each step but the last, and before each batch of held-out rows
   * @return empty if it was stopped before the end: {@link #position} says where
   * @throws Trap.Sprung if there is a trap, and a kernel makes a number that is not finite
   * @throws Divergence if loss, a gradient or an updated parameter is not finite
   */
  public Optional<EpochReport> epoch(BooleanSupplier stop) {
    int epoch = completed + 1;
    int count = plan.batches();
    Intervals intervals = new Intervals(count, accumulated);
    trainedRows = 0;
    leftRows = data.rows().length - plan.rows(batch);
    epochBegan = System.nanoTime();
    speed.begin(epochBegan, 0);
    while (batch < count) {
      Session session = batches.feed(plan, batch);
      session.at(steps + 1, epoch, allSteps(), seed);
      boolean last = batch + 1 == count || (batch + 1) % accumulated == 0;
      if (trap.isPresent() || probes.isPresent()) {
        watch(session, last && intervals.endsAt(batch + 1));
      }
      if (!(last ? session.step() : session.accumulate())) {
        throw Divergence.in(session);
      }
      totals.add(session);
      interval.add(session);
      batch++;
      trainedRows += session.rows();
      leftRows -= session.rows();
      if (!last) {
        continue;
      }
      steps++;
      if (!warm) {
        warm = true;
        onFirstStep.run();
        speed.begin(System.nanoTime(), trainedRows); // most of it was spent on compiling Java
      }
      if (intervals.endsAt(batch)) {
        endInterval(session);
      }
      if (batch < count) {
        onStep.run();
        if (stop.getAsBoolean()) {
          return Optional.empty();
        }
      }
    }
    double examplesPerSecond = trainedRows / seconds(epochBegan);
    long evaluated = System.nanoTime();
    Optional<Map<String, Double>> heldOut = heldOut(stop);
    evaluationSeconds = seconds(evaluated);
    if (evaluation.isPresent() && heldOut.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Double> trained = totals.values();
    totals.reset();
    completed = epoch;
    batch = 0;
    plan = planned();
    heldOut
        .map(values -> values.get("loss"))
        .filter(this::isBest)
        .ifPresent(loss -> best = Optional.of(new RunPosition.Best(epoch, loss)));
    return Optional.of(
        new EpochReport(epoch, steps, seconds(began), examplesPerSecond, trained, heldOut));
  }

  /** @param probed whether the batch ends an interval */
  private void watch(Session session, boolean probed) {
    if (trap.isPresent() && batch % accumulated == 0) {
      stepBegan = position();
    }
    List<Session.Watcher> watchers = new ArrayList<>();
    trap.ifPresent(each -> watchers.add(each.over(session)));
    probes.filter(each -> probed).ifPresent(each -> watchers.add(each.over(session)));
    if (watchers.isEmpty()) {
      session.unwatch();
    } else {
      session.watch(kernel -> watchers.forEach(watcher -> watcher.ran(kernel)));
    }
  }

  private void endInterval(Session session) {
    double trained = completed + (double) batch / plan.batches();
    intervalBegan = Math.rint(trained * EPOCH_DIGITS) / EPOCH_DIGITS;
    onInterval.accept(new IntervalReport(intervalBegan, steps, interval.values()));
    interval.reset();
    probes.ifPresent(each -> onProbe.accept(each.report(intervalBegan, steps, session)));
  }

  private boolean isBest(double loss) {
    return best.map(before -> loss < before.loss()).orElse(!Double.isNaN(loss));
  }
}
