package nnc.benchmarks;

import java.util.Arrays;

/** Times of the same thing, in nanoseconds. */
final class Samples {
  private long[] nanos = new long[1024];
  private int count;

  void add(long nano) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = nano;
  }

  int count() {
    return count;
  }

  double medianMillis() {
    return quantileMillis(0.5);
  }

  /** What a tenth of the runs stayed below: says more than the median where other programs share the machine. */
  double fastestTenthMillis() {
    return quantileMillis(0.1);
  }

  private double quantileMillis(double quantile) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) (count * quantile)] * 1e-6;
  }
}
