package nnc.compiler.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Slot;
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

/** Which tensors hold whole numbers, as ids and classes are. */
final class WholeNumbers {
  private WholeNumbers() {}

  static void require(TensorValue value, String expectation, Span span) {
    if (!are(value.node())) {
      throw Problem.of(
          Diagnostic.at(span, "type", expectation)
              .note("found " + value.described())
              .help(remedy(value.node())));
    }
  }

  private static String remedy(Node node) {
    return node.op() instanceof Slot slot && slot.role() == Slot.Role.PREVIOUS
        ? "a state holds what it starts with: start "
            + node.label().orElse("id")
            + ": i32[B] = 0 starts with whole numbers"
        : "declare what is fed as i32, or round it: floor(x)";
  }

  /** Whether every element is a whole number, whatever is fed. */
  static boolean are(Node node) {
    if (node.type().element() == ElementType.I32) {
      return true;
    }
    Map<Node, Boolean> whole = new HashMap<>();
    for (Node each : Graph.needed(List.of(node))) {
      whole.put(each, isWhole(each, whole));
    }
    return Known.in(whole, node);
  }

  /** @param whole what is known of the inputs */
  private static boolean isWhole(Node node, Map<Node, Boolean> whole) {
    if (node.constantValue().isPresent()) {
      return node.constantValue().get() == Math.rint(node.constantValue().get());
    }
    return switch (node.op()) {
      case Floor ignored -> true;
      case Round ignored -> true;
      case Number ignored -> true;
      case Select ignored -> Known.in(whole, node.input(1)) && Known.in(whole, node.input(2));
      case Add ignored -> all(node, whole);
      case Subtract ignored -> all(node, whole);
      case Multiply ignored -> all(node, whole);
      case Maximum ignored -> all(node, whole);
      case Minimum ignored -> all(node, whole);
      case Negate ignored -> all(node, whole);
      case Reshape ignored -> all(node, whole);
      case Permute ignored -> all(node, whole);
      case Broadcast ignored -> all(node, whole);
      case Slice ignored -> all(node, whole);
      case Concat ignored -> all(node, whole);
      case Result result ->
          are(((Recur) node.input(0).op()).body().node(result.value())); // of each step
      default -> node.type().element() == ElementType.I32;
    };
  }

  private static boolean all(Node node, Map<Node, Boolean> whole) {
    return node.inputs().stream().allMatch(whole::get);
  }
}
