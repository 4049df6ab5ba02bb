package nnc.data;

/** A column of a table, as a user chooses it. */
public sealed interface ColumnRef {
  /** A column by its place, counted from 0. */
  record Number(int index) implements ColumnRef {
    public Number {
      if (index < 0) {
        throw new IllegalArgumentException("columns are counted from 0, but one is " + index);
      }
    }
  }

  /** A column by its name in the header. */
  record Named(String name) implements ColumnRef {}
}
