package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Structured;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Windows;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.Maximum;

/**
 * Reductions over few places that are not the last axes, as those of a pool's window: arithmetic of one slice for each
 * place, which is one loop over the results, is fused with others, and reads overlapping windows without a copy.
 */
final class FewPlaces {
  static final List<Rule> RULES = List.of(FewPlaces::slices);

  private static final long MOST = 4;
  private static final long MOST_OF_A_WINDOW = 32;

  private FewPlaces() {}

  private static Optional<Node> slices(Node node) {
    if (!(node.op() instanceof Reduction reduction) || !isFew(reduction, node.input(0))) {
      return Optional.empty();
    }
    List<Node> slices = List.of(node.input(0));
    for (int axis : reduction.axes().reversed()) {
      slices = places(slices, axis);
    }
    return Optional.of(
        switch (reduction) {
          case Sum ignored -> slices.stream().reduce(Node::plus).orElseThrow();
          case Max ignored ->
              slices.stream().reduce((a, b) -> a.builder().add(new Maximum(), a, b)).orElseThrow();
          case ArgMax ignored -> first(slices);
        });
  }

  /** Whether a reduction will be arithmetic of slices. */
  static boolean isFew(Reduction reduction, Node input) {
    List<Integer> axes = reduction.axes();
    boolean known = axes.stream().allMatch(axis -> input.shape().size(axis).isConstant());
    boolean last = true;
    for (int axis = axes.getLast() + 1; axis < input.shape().rank(); axis++) {
      last &= input.shape().size(axis).isOne();
    }
    return known
        && !last
        && input.constantValue().isEmpty()
        && axes.stream()
                .mapToLong(axis -> input.shape().size(axis).constant())
                .reduce(1, (a, b) -> a * b)
            <= (readsWindows(input) ? MOST_OF_A_WINDOW : MOST)
        && !becomesProduct(input);
  }

  private static boolean readsWindows(Node node) {
    return node.op() instanceof Windows
        || node.op() instanceof ShapeOp && readsWindows(node.input(0));
  }

  /** A sum of products is a product; what a loop computes at each step may turn out as one, once it has left the loop. */
  private static boolean becomesProduct(Node node) {
    return node.op() instanceof Product || node.op() instanceof Structured;
  }

  /** Every place of an axis, of every one of some nodes: the places of the new axis outermost. */
  private static List<Node> places(List<Node> nodes, int axis) {
    List<Node> places = new ArrayList<>();
    for (int i = 0; i < nodes.getFirst().shape().size(axis).constant(); i++) {
      for (Node node : nodes) {
        places.add(
            node.builder()
                .add(new Slice(axis, i, 1), node)
                .reshape(node.shape().without(List.of(axis))));
      }
    }
    return places;
  }

  /** The number of the first largest node at each place; NaN is larger than all, and the first NaN wins. */
  private static Node first(List<Node> nodes) {
    Node best = nodes.getFirst();
    Node index = index(0, best);
    for (int i = 1; i < nodes.size(); i++) {
      Node next = nodes.get(i);
      Node larger = next.compared(Comparison.LESS_OR_EQUAL, best).not();
      Node isNumber = best.compared(Comparison.EQUAL, best);
      Node better = best.builder().add(new And(), larger, isNumber);
      index = better.choose(index(i, best), index);
      best = better.choose(next, best);
    }
    return index;
  }

  private static Node index(int number, Node like) {
    return like.builder()
        .add(new Constant(number, ElementType.I32))
        .broadcast(like.shape(), List.of());
  }
}
