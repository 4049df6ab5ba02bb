package nnc.compiler.inspect;

import java.util.Locale;

/** Large numbers as people read them. */
public final class Rounded {
  private static final String[] UNITS = {"", "k", "M", "G", "T", "P"};

  private Rounded() {}

  /** Three digits and a unit: 3.73 G. */
  public static String of(double value) {
    int unit = 0;
    double left = value;
    while (left >= 999.5 && unit < UNITS.length - 1) {
      left /= 1000;
      unit++;
    }
    String digits = unit == 0 ? "%.0f" : left < 9.995 ? "%.2f" : left < 99.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits, left) + (unit == 0 ? "" : " " + UNITS[unit]);
  }
}
