package nnc.cli.train;

/**
 * The intervals of an epoch, each of which gives a point of the curves: one for every ten steps, a hundred at most, as even as
 * steps allow; the last ends with the epoch. Time plays no part, so that a training that was stopped has the same.
 *
 * @param batches of the epoch
 * @param accumulated how many batches make a step
 */
record Intervals(int batches, int accumulated) {
  private static final int LEAST_STEPS = 10;
  private static final int MOST = 100;

  private int steps() {
    return Math.ceilDiv(batches, accumulated);
  }

  int count() {
    return Math.clamp(steps() / LEAST_STEPS, 1, MOST);
  }

  private long ended(int steps) {
    return (long) steps * count() / steps();
  }

  /** Whether one ends with the step that ends with this batch, counted from 1. */
  boolean endsAt(int batch) {
    int step = Math.ceilDiv(batch, accumulated);
    return ended(step) > ended(step - 1);
  }
}
