package nnc.cli.train;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a training stands: all that it needs to go on as if it had never stopped, apart from parameters and optimizer state.
 *
 * @param epochs how many have been completed
 * @param batches how many batches of the next epoch have been trained
 * @param steps how many steps have been made in all
 * @param totals the sums of the measures over these batches
 * @param interval what has begun since a point of the curves was made
 * @param best the epoch with the lowest held-out loss so far
 */
public record RunPosition(
    int epochs,
    int batches,
    long steps,
    Map<String, double[]> totals,
    Interval interval,
    Optional<Best> best) {
  static final RunPosition START =
      new RunPosition(0, 0, 0, Map.of(), Interval.after(0), Optional.empty());

  /** An epoch, counted from 1, and the loss over the held-out rows after it. */
  public record Best(int epoch, double loss) {}

  /**
   * An interval of an epoch that has not come to its end.
   *
   * @param since how many epochs had been trained when it began, the part of one too
   * @param rows how many have been trained in it
   * @param totals the sums of the measures over them
   */
  public record Interval(double since, int rows, Map<String, double[]> totals) {
    public Interval {
      totals = Map.copyOf(totals);
    }

    static Interval after(double epochs) {
      return new Interval(epochs, 0, Map.of());
    }
  }

  public RunPosition {
    if (epochs < 0 || batches < 0 || steps < 0) {
      throw new IllegalArgumentException(
          "position is counted from 0: "
              + epochs
              + " epochs, "
              + batches
              + " batches, "
              + steps
              + " steps");
    }
    totals = Map.copyOf(totals);
  }

  /** The same, at the beginning of its epoch. */
  RunPosition again() {
    return new RunPosition(epochs, 0, steps, Map.of(), Interval.after(epochs), best);
  }

  /** Whether the held-out loss has not become lower for as many epochs as patience lasts. */
  boolean endsEarly(OptionalInt patience) {
    return patience.isPresent() && epochs - best.map(Best::epoch).orElse(0) >= patience.getAsInt();
  }
}
