package nnc.cli.diff;

import java.util.Locale;
import java.util.function.DoubleFunction;
import nnc.compiler.inspect.Rounded;

/**
 * A number of each of the models.
 *
 * @param name what it counts
 */
public record Quantity(String name, Unit unit, double a, double b) {
  /** Of what it is so many, and how that is written. */
  public enum Unit {
    COUNT("count", value -> String.format(Locale.ROOT, "%,.0f", value)),
    BYTES("bytes", value -> String.format(Locale.ROOT, "%,.1f KB", value / 1024)),
    OPERATIONS("operations", Rounded::of),
    MOVED_BYTES("bytes", Unit::rounded);

    private final String measure;
    private final DoubleFunction<String> text;

    Unit(String measure, DoubleFunction<String> text) {
      this.measure = measure;
      this.text = text;
    }

    private static String rounded(double value) {
      String text = Rounded.of(value);
      return text + (text.contains(" ") ? "B" : " B");
    }

    String measure() {
      return measure;
    }

    String text(double value) {
      return text.apply(value);
    }

    String signed(double value) {
      return (value < 0 ? "-" : "+") + text(Math.abs(value));
    }
  }

  static Quantity count(String name, double a, double b) {
    return new Quantity(name, Unit.COUNT, a, b);
  }

  /** Memory for numbers in single precision. */
  static Quantity floats(String name, double a, double b) {
    return new Quantity(name, Unit.BYTES, a * Float.BYTES, b * Float.BYTES);
  }

  static Quantity operations(String name, double a, double b) {
    return new Quantity(name, Unit.OPERATIONS, a, b);
  }

  /** Bytes that are read and written. */
  static Quantity moved(String name, double a, double b) {
    return new Quantity(name, Unit.MOVED_BYTES, a, b);
  }

  Quantity named(String other) {
    return new Quantity(other, unit, a, b);
  }

  Quantity plus(Quantity other) {
    return new Quantity(name, unit, a + other.a, b + other.b);
  }

  public double difference() {
    return b - a;
  }

  public boolean isEqual() {
    return a == b;
  }
}
