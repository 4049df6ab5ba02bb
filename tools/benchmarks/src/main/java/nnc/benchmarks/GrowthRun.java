package nnc.benchmarks;

import java.util.Arrays;

/**
 * What one fresh process told of a model of one size.
 *
 * @param compileS seconds from the .nn file to loaded classes
 * @param ms of all steps, from the first one on
 */
record GrowthRun(double compileS, long classBytes, Samples ms) {
  /** A step and those after it, so many together: a single one may be quick by chance. */
  private static final int WINDOW = 5;

  private static final double NEAR = 1.1;

  /** Of the second half of the steps, the median. */
  double stepMs() {
    return median(ms.count() / 2, ms.count());
  }

  /**
   * Seconds before the first step that, with the median of it and the next four, is within a tenth of {@link #stepMs}; all of them
   * where they have not settled.
   */
  double warmUpS() {
    double[] all = ms.all();
    int warm = all.length;
    if (isSettled()) {
      double near = NEAR * stepMs();
      warm = 0;
      while (warm + WINDOW < all.length
          && (all[warm] > near || median(warm, warm + WINDOW) > near)) {
        warm++;
      }
    }
    return Arrays.stream(all, 0, warm).sum() * 1e-3;
  }

  /** The third quarter of the steps, at least a window of them, took no longer than the last one. */
  private boolean isSettled() {
    int half = ms.count() / 2;
    int last = ms.count() * 3 / 4;
    return last - half >= WINDOW && median(half, last) <= NEAR * median(last, ms.count());
  }

  private double median(int from, int to) {
    return Samples.of(Arrays.copyOfRange(ms.all(), from, to)).median();
  }
}
