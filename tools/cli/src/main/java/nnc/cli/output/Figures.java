package nnc.cli.output;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers as people read them. */
public final class Figures {
  private static final double SMALLEST_PLAIN = 1e-3;
  private static final double LARGEST_PLAIN = 1e6;

  private Figures() {}

  /** {@code loss 0.3811   accuracy 0.8894}. */
  public static String of(Map<String, Double> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + " " + of(value.getValue()))
        .collect(Collectors.joining("   "));
  }

  public static String of(double value) {
    double size = Math.abs(value);
    boolean plain =
        size == 0 || size >= SMALLEST_PLAIN && size < LARGEST_PLAIN || !Double.isFinite(value);
    return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", value);
  }

  /** A number from -1 to 1, in as many characters whatever it is. */
  public static String cosine(double value) {
    return String.format(Locale.ROOT, "%7.4f", value);
  }
}
