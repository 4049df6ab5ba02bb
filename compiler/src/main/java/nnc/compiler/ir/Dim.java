package nnc.compiler.ir;

/** A size that is known only at run time, with the largest value that memory is planned for: the batch. */
public record Dim(String name, int maximum) {
  public Dim {
    if (maximum < 1) {
      throw new IllegalArgumentException("dim " + name + " must be at least 1, is " + maximum);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
