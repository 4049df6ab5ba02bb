package nnc.benchmarks;

import java.util.Arrays;

/** Measurements of the same thing. */
final class Samples {
  private double[] values = new double[64];
  private int count;

  static Samples of(double... values) {
    Samples samples = new Samples();
    samples.values = values.clone();
    samples.count = values.length;
    return samples;
  }

  void add(double value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count + 1);
    }
    values[count++] = value;
  }

  int count() {
    return count;
  }

  double[] all() {
    return Arrays.copyOf(values, count);
  }

  double median() {
    return quantile(0.5);
  }

  /** Between the two nearest measurements, in proportion. */
  double quantile(double part) {
    double[] sorted = all();
    Arrays.sort(sorted);
    double place = part * (count - 1);
    int below = (int) place;
    int above = Math.min(below + 1, count - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
