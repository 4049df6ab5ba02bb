package nnc.compiler.ir;

/** A size as a number: the rows there are, once they are known. */
public record Extent(Size size) implements Leaf {
  @Override
  public String name() {
    return "extent";
  }

  @Override
  public Type type() {
    return new Type(ElementType.I32, Shape.SCALAR);
  }

  @Override
  public String toString() {
    return "extent " + size;
  }
}
