package nnc.cli.gradflow;

import java.util.Locale;

/** Figures that may be of any magnitude, as people read them. */
final class Numbers {
  private static final double SMALLEST_PLAIN = 9.95e-3;
  private static final double LARGEST_PLAIN = 1e3;

  private Numbers() {}

  /** Three digits: {@code 0.0412}, {@code 4.1e-07}. */
  static String of(double value) {
    double size = Math.abs(value);
    if (Double.isNaN(value)) {
      return "-";
    }
    if (!Double.isFinite(value)) {
      return "inf";
    }
    if (size == 0) {
      return "0";
    }
    boolean plain = size >= SMALLEST_PLAIN && size < LARGEST_PLAIN;
    return String.format(Locale.ROOT, plain ? "%.3g" : "%.1e", value);
  }

  static String factor(double value) {
    return Double.isFinite(value) && value >= SMALLEST_PLAIN && value < LARGEST_PLAIN
        ? String.format(Locale.ROOT, "%.2f", value)
        : of(value);
  }

  /** {@code 12%}, and nothing for none. */
  static String share(double value) {
    return value < 5e-3 ? "" : String.format(Locale.ROOT, "%.0f%%", 100 * value);
  }
}
