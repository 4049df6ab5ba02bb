package nnc.cli.train;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import nnc.cli.data.Batches;
import nnc.cli.metrics.EpochReport;
import nnc.compiler.Compilation;
import nnc.data.Order;
import nnc.runtime.Session;

/**
 * Trains a compiled model: shuffles the rows anew each epoch, cuts them into batches, the last of which has what is left, makes
 * a step for each, and evaluates the held-out rows.
 *
 * <p>What happens depends on model, data, seed and progress alone: not on the number of threads, and not on where a run was
 * interrupted.
 */
public final class Trainer {
  private static final double NANOSECONDS = 1e-9;

  private final TrainingData data;
  private final Session session;
  private final int epochs;
  private final long seed;
  private final Batches batches;
  private final MeasureTotals totals;
  private final Optional<Evaluation> evaluation;
  private final long began = System.nanoTime();
  private Runnable onFirstStep = () -> {};
  private Progress progress;

  /**
   * @param session of a model whose parameters are where {@code progress} left them
   * @param epochs how many there are to be in all
   * @param seed what shuffling and dropout are drawn from
   */
  public Trainer(
      Compilation compilation,
      TrainingData data,
      Session session,
      int epochs,
      long seed,
      Progress progress) {
    this.data = data;
    this.session = session;
    this.epochs = epochs;
    this.seed = seed;
    this.progress = progress;
    this.batches = new Batches(data.data(), session);
    this.totals = new MeasureTotals(compilation.trainingMeasures(), session);
    this.evaluation =
        data.heldOut()
            .map(heldOut ->
                new Evaluation(compilation.evaluationMeasures(), heldOut.data(), session));
  }

  /** What is to be done once, as soon as the first step has been made. */
  public void onFirstStep(Runnable action) {
    onFirstStep = action;
  }

  public Progress progress() {
    return progress;
  }

  public boolean finished() {
    return progress.epochs() >= epochs;
  }

  /** Loss and metrics over the held-out rows, if there are any. */
  public Optional<Map<String, Double>> heldOut() {
    return evaluation.map(over -> over.of(data.heldOut().orElseThrow().rows()));
  }

  /**
   * Trains to the end of the epoch.
   *
   * @param stop asked after each step
   * @return empty if it was stopped before the end: {@link #progress} says where
   * @throws nnc.compiler.source.CompileException if loss, a gradient or an updated parameter is not finite
   */
  public Optional<EpochReport> epoch(BooleanSupplier stop) {
    int epoch = progress.epochs() + 1;
    int count = batches.count(data.rows().length);
    int[] order = Order.shuffled(data.rows().length, seed, epoch);
    for (int i = 0; i < order.length; i++) {
      order[i] = data.rows()[order[i]];
    }
    int skipped = progress.batches() * session.model().signature().maximum();
    totals.restore(progress.totals(), skipped);
    session.at(progress.steps() + 1, epoch, (long) epochs * count, seed);
    long start = System.nanoTime();
    for (int batch = progress.batches(); batch < count; batch++) {
      int rows = batches.feed(batch, order);
      if (!session.step()) {
        throw Divergence.in(session);
      }
      totals.add(rows);
      onFirstStep.run();
      onFirstStep = () -> {};
      progress = new Progress(progress.epochs(), batch + 1, progress.steps() + 1, Map.of());
      if (batch + 1 < count && stop.getAsBoolean()) {
        progress = new Progress(progress.epochs(), batch + 1, progress.steps(), totals.saved());
        return Optional.empty();
      }
    }
    double seconds = (System.nanoTime() - start) * NANOSECONDS;
    progress = new Progress(epoch, 0, progress.steps(), Map.of());
    Map<String, Double> trained = totals.values();
    Optional<Map<String, Double>> heldOut = heldOut();
    return Optional.of(
        new EpochReport(
            epoch,
            progress.steps(),
            (System.nanoTime() - began) * NANOSECONDS,
            (order.length - skipped) / seconds,
            trained,
            heldOut));
  }
}
