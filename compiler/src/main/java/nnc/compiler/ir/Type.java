package nnc.compiler.ir;

/** What a node's value is: elements of one type in one shape. */
public record Type(ElementType element, Shape shape) {
  public static Type f32(Shape shape) {
    return new Type(ElementType.F32, shape);
  }

  public Type with(Shape other) {
    return new Type(element, other);
  }

  @Override
  public String toString() {
    return element.text() + shape;
  }
}
