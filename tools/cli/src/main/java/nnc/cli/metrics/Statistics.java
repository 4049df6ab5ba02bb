package nnc.cli.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the numbers of a tensor are like. All but {@code count} and {@code nonFinite} are of the finite ones alone; of none of
 * them, they are NaN.
 *
 * @param deviation the standard deviation, of all and not of a sample
 * @param zeros the share that is zero
 * @param norm the square root of the sum of squares
 */
public record Statistics(
    int count,
    int nonFinite,
    double mean,
    double deviation,
    double min,
    double max,
    double zeros,
    double norm) {

  /** Of a stretch of an array. */
  public static Statistics of(float[] values, int from, int count) {
    int finite = 0;
    int zeros = 0;
    double sum = 0;
    double squares = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      double value = values[i];
      if (Double.isFinite(value)) {
        finite++;
        zeros += value == 0 ? 1 : 0;
        sum += value;
        squares += value * value;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    double mean = sum / finite;
    double distances = 0;
    for (int i = from; i < from + count; i++) {
      double distance = values[i] - mean;
      distances += Double.isFinite(distance) ? distance * distance : 0;
    }
    return finite == 0
        ? new Statistics(
            count, count, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN)
        : new Statistics(
            count,
            count - finite,
            mean,
            Math.sqrt(distances / finite),
            min,
            max,
            (double) zeros / finite,
            Math.sqrt(squares));
  }

  /** What a probe tells, by the names of columns. */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("mean", mean);
    figures.put("deviation", deviation);
    figures.put("min", min);
    figures.put("max", max);
    figures.put("zeros", zeros);
    figures.put("norm", norm);
    return figures;
  }
}
