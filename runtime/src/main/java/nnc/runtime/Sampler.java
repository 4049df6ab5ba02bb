package nnc.runtime;

import java.util.Arrays;

/** Draws symbols by their probabilities. */
final class Sampler implements PathSearch.Choice {
  private final Search.Sample search;
  private final long seed;
  private final long stream;

  /** @param stream the sequence that symbols are drawn for: each has random numbers of its own */
  Sampler(Search.Sample search, long seed, long stream) {
    this.search = search;
    this.seed = seed;
    this.stream = stream;
  }

  @Override
  public int of(double[] logs, int place) {
    double[] weights = weights(logs);
    double sum = Arrays.stream(weights).sum();
    double drawn = uniform(place) * sum;
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        drawn -= weights[i];
        if (drawn < 0) {
          return i;
        }
      }
    }
    return last; // rounding has left some of the sum
  }

  /** In proportion to the probabilities of what may be drawn; 0 for what may not. */
  private double[] weights(double[] logs) {
    double largest = Arrays.stream(logs).max().orElseThrow();
    double[] weights = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      weights[i] = StrictMath.exp((logs[i] - largest) / search.temperature());
    }
    if (search.topK() > 0 && search.topK() < weights.length) {
      keepLargest(weights, search.topK());
    }
    if (search.topP() < 1) {
      keepLargest(weights, nucleus(weights));
    }
    return weights;
  }

  /** How many of the largest have the share topP of the sum. */
  private int nucleus(double[] weights) {
    double[] ascending = weights.clone();
    Arrays.sort(ascending);
    double missing = search.topP() * Arrays.stream(weights).sum();
    int count = 0;
    while (count < ascending.length && missing > 0) {
      count++;
      missing -= ascending[ascending.length - count];
    }
    return count;
  }

  /** Of equal ones, the first are kept. */
  private static void keepLargest(double[] weights, int count) {
    double[] ascending = weights.clone();
    Arrays.sort(ascending);
    double least = ascending[weights.length - count];
    long equal = count - Arrays.stream(weights).filter(weight -> weight > least).count();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] < least || weights[i] == least && equal-- <= 0) {
        weights[i] = 0;
      }
    }
  }

  /** In [0, 1), of 48 random bits. */
  private double uniform(int place) {
    float[] halves = new float[2];
    Philox.uniform(seed, stream, place, 0, halves, 0, 2);
    return halves[0] + halves[1] * 0x1p-24;
  }
}
