package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.Windows;

/** Which nodes are only other readings of a memory, and which are computed. */
final class Views {
  private final Set<Node> copies;
  private final Map<Node, View> views = new HashMap<>();
  private final Map<Node, Boolean> settings = new HashMap<>();

  /** @param copies nodes that are moved into memory of their own, though strides could or should say where they are */
  Views(Set<Node> copies) {
    this.copies = copies;
  }

  /** Whether a node is read from another one's memory. */
  boolean isView(Node node) {
    return !copies.contains(node)
        && (node.op() instanceof Broadcast
            || node.op() instanceof Reshape
            || node.op() instanceof Permute
            || node.op() instanceof Slice
            || node.op() instanceof Windows);
  }

  /** A node is copied although it could be a view. */
  boolean isCopy(Node node) {
    return copies.contains(node);
  }

  /** The value whose memory a node is read from. */
  Node base(Node node) {
    Node base = node;
    while (isView(base)) {
      base = base.input(0);
    }
    return base;
  }

  View of(Node node) {
    View known = views.get(node);
    if (known == null) {
      known = compute(node);
      views.put(node, known);
    }
    return known;
  }

  private View compute(Node node) {
    return isView(node) ? moved(node) : View.contiguous(node);
  }

  /** Where a copy takes its elements from. */
  View source(Node copy) {
    return copy.op() instanceof ShapeOp ? moved(copy) : View.contiguous(copy);
  }

  private View moved(Node node) {
    Node input = node.input(0);
    Optional<View> view = of(input).through((ShapeOp) node.op(), node.shape());
    return view.orElseThrow(() -> new NeedsCopy(isView(input) ? input : node));
  }

  /** Where the parts of a concatenation lie in it. */
  static List<View> parts(Node concat) {
    Concat op = (Concat) concat.op();
    View whole = View.contiguous(concat);
    Size step = whole.strides().get(op.axis());
    List<View> parts = new ArrayList<>();
    int from = 0;
    for (Node part : concat.inputs()) {
      parts.add(new View(concat, part.shape(), step.times(Size.of(from)), whole.strides()));
      from += part.shape().size(op.axis()).constant();
    }
    return parts;
  }

  /** Known before a kernel starts, without reading memory: sizes, steps, constants and scalar formulas of them. */
  boolean isSetting(Node node) {
    Boolean known = settings.get(node);
    if (known == null) {
      known =
          node.shape().rank() == 0
              && !copies.contains(node)
              && switch (node.op()) {
                case Constant ignored -> true;
                case Extent ignored -> true;
                case Variable variable -> variable.kind() == Variable.Kind.SETTING;
                case Elementwise ignored -> node.inputs().stream().allMatch(this::isSetting);
                default -> false;
              };
      settings.put(node, known);
    }
    return known;
  }

  /** Values that lie nowhere, though they can be copied to memory: numbers known before a kernel starts, and places. */
  boolean isVirtual(Node node) {
    return !copies.contains(node) && (isSetting(node) || node.op() instanceof Iota);
  }

  /** Values that no kernel computes: they are in memory already, or need none. */
  boolean isGiven(Node node) {
    return isVirtual(node) || node.op() instanceof Variable || node.op() instanceof Slot;
  }

  /** Thrown where strides do not say where a node's elements are: it must be copied, and planning begins again. */
  static final class NeedsCopy extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Node node;

    NeedsCopy(Node node) {
      super("needs a copy: " + node, null, false, false);
      this.node = node;
    }
  }
}
