package nnc.runtime;

/** Draws ids with probabilities proportional to weights, by inversion: a binary search in the running sum of the weights. */
public final class Categorical {
  private Categorical() {}

  /**
   * The running sum of n weights, computed in double precision.
   *
   * @throws WeightException if a weight is negative or no finite number, all are 0, or their sum is above
   *     {@link Float#MAX_VALUE}
   */
  public static void cumulate(float[] weights, int off, int n, float[] sums, int sumsOff) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      float weight = weights[off + i];
      if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
        throw new WeightException(
            "weight " + i + " of those drawn by is " + weight + ", expected a number from 0");
      }
      sum += weight;
      sums[sumsOff + i] = (float) sum;
    }
    if (sum == 0) {
      throw new WeightException("all weights drawn by are 0, expected one above");
    }
    if (sum > Float.MAX_VALUE) {
      throw new WeightException(
          "the weights drawn by sum up to " + sum + ", more than a float holds");
    }
  }

  /**
   * For each place i in [from, to): the first id whose running sum is above numbers[numbersOff + i] times the total.
   *
   * @param numbers from [0, 1)
   */
  public static void draw(
      float[] sums,
      int sumsOff,
      int n,
      float[] numbers,
      int numbersOff,
      int from,
      int to,
      float[] ids,
      int idsOff) {
    float total = sums[sumsOff + n - 1];
    for (int i = from; i < to; i++) {
      // rounding must not reach the total: no id is above it
      float wanted = Math.min(numbers[numbersOff + i] * total, Math.nextDown(total));
      ids[idsOff + i] = firstAbove(wanted, sums, sumsOff, n);
    }
  }

  private static int firstAbove(float wanted, float[] sums, int off, int n) {
    int low = 0;
    int high = n - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[off + middle] > wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
