package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.ScatterAdd;
import nnc.compiler.ir.Sum;

/**
 * The sum over the steps of a loop of tables that each step adds rows to is one table, to which the rows of all steps are added
 * behind the loop: no step makes a table.
 */
final class RowSums {
  static final List<Rule> RULES = List.of(RowSums::ofAllSteps);

  private RowSums() {}

  private static Optional<Node> ofAllSteps(Node node) {
    if (!(node.op() instanceof Sum sum)
        || !sum.axes().equals(List.of(0))
        || !(node.input(0).op() instanceof Result result)) {
      return Optional.empty();
    }
    Node loop = node.input(0).input(0);
    Node table = ((Recur) loop.op()).body().node(result.value());
    if (!(table.op() instanceof ScatterAdd)) {
      return Optional.empty();
    }
    List<Node> rows = new ArrayList<>();
    table.inputs().forEach(input -> rows.add(Recurrence.atAllSteps(loop, input)));
    return Optional.of(node.builder().add(table.op(), rows));
  }
}
