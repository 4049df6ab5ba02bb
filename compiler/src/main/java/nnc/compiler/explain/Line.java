package nnc.compiler.explain;

import java.util.List;
import java.util.Optional;
import nnc.compiler.source.Span;

/** A line of a derivation. */
public sealed interface Line {
  /**
   * A value and what it is.
   *
   * @param depth in how many recurrences it stands
   * @param shape empty where it is plain from the line
   * @param rules the ops whose gradient rules were applied, from the loss on
   */
  record Equation(
      int depth,
      Formula.Name left,
      Formula right,
      String shape,
      List<String> rules,
      Optional<Span> place)
      implements Line {
    public Equation {
      rules = List.copyOf(rules);
    }
  }

  /** The lines below, one step deeper, hold for each step of a recurrence, in this order. */
  record Steps(int depth, String step, int first, int last) implements Line {}

  /** What the vector v becomes when it is multiplied by the Jacobian of one step's state by that of the step before. */
  record Jacobian(int depth, Formula.Name state, Formula.Name by, Formula product)
      implements Line {}
}
