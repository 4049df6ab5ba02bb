package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.List;

/** Lines of words. */
final class Remarks {
  private Remarks() {}

  /** Words and formulas, in turn. */
  static Line.Remark of(int depth, Object... parts) {
    List<Line.Part> all = new ArrayList<>();
    for (Object part : parts) {
      all.add(
          part instanceof Formula formula
              ? new Line.Mathematics(formula)
              : new Line.Words(part.toString()));
    }
    return new Line.Remark(depth, all);
  }

  /** Where the product with a step's Jacobian is too long to be written out. */
  static Line.Remark jacobian(int depth, List<Formula.Name> states, String before) {
    Formula.Name state = states.getFirst();
    return of(
        depth,
        "v times the Jacobian of ",
        state,
        " by ",
        state.at(before),
        ": the lines above, with v for what ",
        state,
        " receives, and nothing received elsewhere");
  }
}
