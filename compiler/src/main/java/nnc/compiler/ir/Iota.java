package nnc.compiler.ir;

import java.util.List;

/** The numbers 0, 1, … size - 1. */
public record Iota(Size size) implements Leaf {
  @Override
  public String name() {
    return "iota";
  }

  @Override
  public Type type() {
    return new Type(ElementType.I32, new Shape(List.of(size)));
  }

  @Override
  public String toString() {
    return "iota " + size;
  }
}
