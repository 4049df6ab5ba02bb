package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;

/** Values that are parts of one, side by side along an axis. */
final class Parts {
  private Parts() {}

  /** Whether values differ in nothing but the size of an axis, and can lie side by side along it. */
  static boolean fit(int axis, List<Node> parts) {
    Node first = parts.getFirst();
    return parts.stream()
        .allMatch(part ->
            part.shape().size(axis).isConstant()
                && part.type().element() == first.type().element()
                && part.shape().with(axis, Size.ONE).equals(first.shape().with(axis, Size.ONE)));
  }

  /** Values side by side; those that are put together in this way themselves with their parts. */
  static Node together(int axis, List<Node> values) {
    Concat concat = new Concat(axis);
    List<Node> parts =
        values.stream()
            .flatMap(
                value -> (concat.equals(value.op()) ? value.inputs() : List.of(value)).stream())
            .toList();
    return parts.getFirst().builder().add(concat, parts);
  }

  /** The parts of a value, so wide each. */
  static List<Node> apart(Node whole, int axis, List<Integer> widths) {
    List<Node> parts = new ArrayList<>();
    int from = 0;
    for (int width : widths) {
      parts.add(whole.builder().add(new Slice(axis, from, width), whole));
      from += width;
    }
    return parts;
  }
}
