package nnc.compiler.ir;

/** One number. Larger constants are broadcasts and formulas of it. */
public record Constant(double value, ElementType element) implements Leaf {
  @Override
  public String name() {
    return "constant";
  }

  @Override
  public Type type() {
    return new Type(element, Shape.SCALAR);
  }

  /** The number as mathematics writes it: 2, not 2.0. */
  public static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return text(value);
  }
}
