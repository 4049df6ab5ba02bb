package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Sum;

/**
 * Transposes move towards what reads them: what is computed element by element from a transposed value, as activations
 * after a convolution, is computed in the order in which that value lies in memory.
 */
final class MoveTransposes {
  static final List<Rule> RULES =
      List.of(
          MoveTransposes::beforeBroadcast,
          MoveTransposes::afterElementwise,
          MoveTransposes::afterReduction);

  private MoveTransposes() {}

  /** permute(broadcast x) is broadcast(permute x). */
  private static Optional<Node> beforeBroadcast(Node node) {
    if (!(node.op() instanceof Permute permute
        && node.input(0).op() instanceof Broadcast broadcast)) {
      return Optional.empty();
    }
    List<Integer> order = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int axis = 0; axis < permute.order().size(); axis++) {
      int own = broadcast.places().indexOf(permute.order().get(axis));
      if (own >= 0) {
        order.add(own);
        places.add(axis);
      }
    }
    Shape target = node.shape();
    return Optional.of(node.input(0).input(0).permute(order).broadcast(target, places));
  }

  /** op(permute a, permute b) is permute op(a, b); what is repeated can be in any order. */
  private static Optional<Node> afterElementwise(Node node) {
    if (!(node.op() instanceof Elementwise op)) {
      return Optional.empty();
    }
    List<Permute> permutes =
        node.inputs().stream()
            .filter(input -> input.op() instanceof Permute)
            .map(input -> (Permute) input.op())
            .distinct()
            .toList();
    boolean movable =
        node.inputs().stream()
            .allMatch(input -> input.op() instanceof Permute || input.op() instanceof Broadcast);
    if (permutes.size() != 1 || !movable) {
      return Optional.empty();
    }
    List<Integer> back = permutes.getFirst().inverse();
    List<Node> operands =
        node.inputs().stream()
            .map(input -> input.op() instanceof Permute ? input.input(0) : input.permute(back))
            .toList();
    return Optional.of(node.builder().add(op, operands).permute(permutes.getFirst().order()));
  }

  /** The sum, or the largest, over axes of permute(x) is that over the same axes of x, permuted if axes remain. */
  private static Optional<Node> afterReduction(Node node) {
    if (!(node.op() instanceof Reduction reduction
        && node.input(0).op() instanceof Permute permute)) {
      return Optional.empty();
    }
    List<Integer> axes = reduction.axes().stream().map(permute.order()::get).toList();
    List<Integer> remaining = new ArrayList<>(permute.order());
    remaining.removeAll(axes);
    List<Integer> sorted = remaining.stream().sorted().toList();
    Node x = node.input(0).input(0);
    Optional<Reduction> own =
        switch (reduction) {
          case Sum ignored -> Optional.of(new Sum(axes));
          case Max ignored -> Optional.of(new Max(axes));
          case ArgMax ignored -> Optional.empty(); // numbers its elements in their order
        };
    return own.map(
        op -> node.builder().add(op, x).permute(remaining.stream().map(sorted::indexOf).toList()));
  }
}
