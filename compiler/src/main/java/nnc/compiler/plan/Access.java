package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Size;

/**
 * How a kernel that goes through rows and columns finds an element: offset + sum over terms of ((row / divisor) % modulus) *
 * stride, + column * columnStride.
 *
 * @param offset added to the buffer's own
 * @param columnStride 0 or 1 in loops; any in copies
 */
public record Access(Size offset, List<Term> terms, Size columnStride) {
  /** A part of the row number and how far apart its neighbours lie. A modulus of empty: all that is left. */
  public record Term(Size divisor, Optional<Size> modulus, Size stride) {}

  public Access {
    terms = List.copyOf(terms);
  }

  /** Whether all columns of a row are the same element. */
  public boolean oneColumn() {
    return columnStride.factor() == 0;
  }

  /** Whether there is one element for all rows and columns. */
  public boolean single() {
    return terms.isEmpty() && oneColumn();
  }

  /** Whether element (row, column) lies at row * columns + column: the order in which results are stored. */
  public boolean dense(Size rows, Size columns) {
    return offset.factor() == 0
        && (oneColumn() ? columns.isOne() : columnStride.isOne())
        && (terms.isEmpty() && rows.isOne()
            || terms.size() == 1
                && terms.getFirst().modulus().isEmpty()
                && terms.getFirst().divisor().isOne()
                && terms.getFirst().stride().equals(columns));
  }

  /** The access of a view whose axes before {@code split} are rows and whose other axes are columns. */
  static Optional<Access> of(View view, int split) {
    int rank = view.shape().rank();
    Size columns = Size.ONE;
    for (int axis = split; axis < rank; axis++) {
      columns = columns.times(view.shape().size(axis));
    }
    Optional<Size> columnStride =
        columns.isOne() ? Optional.of(Size.of(0)) : view.innermost(split, rank);
    if (columnStride.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Access(view.offset(), terms(view, split), columnStride.get()));
  }

  private static List<Term> terms(View view, int split) {
    List<Term> terms = new ArrayList<>();
    Size inside = Size.ONE; // the rows that one step of the current axis covers
    int axis = split - 1;
    while (axis >= 0) {
      int outer = axis;
      while (outer > 0 && view.innermost(outer - 1, axis + 1).isPresent()) {
        outer--;
      }
      Size run = Size.ONE;
      for (int i = outer; i <= axis; i++) {
        run = run.times(view.shape().size(i));
      }
      Size stride = view.innermost(outer, axis + 1).orElseThrow();
      if (stride.factor() != 0 && !run.isOne()) {
        terms.add(new Term(inside, outer == 0 ? Optional.empty() : Optional.of(run), stride));
      }
      inside = inside.times(run);
      axis = outer - 1;
    }
    return terms;
  }
}
