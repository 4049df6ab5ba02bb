package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.Floor;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Minimum;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Negate;
import nnc.compiler.ir.op.Number;
import nnc.compiler.ir.op.Round;
import nnc.compiler.ir.op.Select;
import nnc.compiler.ir.op.Subtract;
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
    if (!isWhole(ids.node())) {
      throw Problem.of(
          Diagnostic.at(span, "type", "rows are looked up by whole numbers")
              .note("found " + ids.described())
              .help("declare the ids as i32, or round them: floor(x)"));
    }
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

  /** Whether every element is a whole number, whatever is fed. */
  private static boolean isWhole(Node node) {
    if (node.constantValue().isPresent()) {
      return node.constantValue().get() == Math.rint(node.constantValue().get());
    }
    return node.type().element() == ElementType.I32
        || switch (node.op()) {
          case Floor ignored -> true;
          case Round ignored -> true;
          case Number ignored -> true;
          case Select ignored -> isWhole(node.input(1)) && isWhole(node.input(2));
          case Add ignored -> allWhole(node);
          case Subtract ignored -> allWhole(node);
          case Multiply ignored -> allWhole(node);
          case Maximum ignored -> allWhole(node);
          case Minimum ignored -> allWhole(node);
          case Negate ignored -> allWhole(node);
          case Reshape ignored -> allWhole(node);
          case Permute ignored -> allWhole(node);
          case Broadcast ignored -> allWhole(node);
          case Slice ignored -> allWhole(node);
          case Concat ignored -> allWhole(node);
          default -> false;
        };
  }

  private static boolean allWhole(Node node) {
    return node.inputs().stream().allMatch(RowLookup::isWhole);
  }
}
