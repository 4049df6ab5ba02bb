package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/** E[ids]: the rows of a table that a tensor of whole numbers names. */
final class RowLookup {
  private RowLookup() {}

  /** Tells of ids that are no whole numbers, or that stand for another axis than the first. */
  static void requireIds(TensorValue ids, int axis, Span span) {
    if (axis != 0) {
      throw Problem.of(
          Diagnostic.at(span, "index", "ids look up the first axis, this is axis " + axis)
              .note("found " + ids.described())
              .help("bring the axis to the front: permute(x, (1, 0))[ids]"));
    }
    WholeNumbers.require(ids, "rows are looked up by whole numbers", span);
  }

  /** table[ids]: the axes of the ids, then those of a row. */
  static TensorValue of(Elaboration elaboration, TensorValue table, TensorValue ids) {
    Size rows = table.node().shape().size(0);
    if (rows.isConstant()) {
      input(ids.node())
          .ifPresent(input ->
              elaboration.restrictIds(input, new TypedModel.IdRange(rows.constant(), null)));
    }
    List<@Nullable String> names = new ArrayList<>(ids.axes());
    names.addAll(table.axes().subList(1, table.axes().size()));
    return new TensorValue(elaboration.builder.add(new Gather(), table.node(), ids.node()), names);
  }

  /** The input that ids are, every element of it in whatever order. */
  private static Optional<Variable> input(Node ids) {
    return switch (ids.op()) {
      case Variable variable when variable.kind() == Variable.Kind.INPUT -> Optional.of(variable);
      case Reshape ignored -> input(ids.input(0));
      case Permute ignored -> input(ids.input(0));
      case Broadcast ignored -> input(ids.input(0));
      default -> Optional.empty();
    };
  }
}
