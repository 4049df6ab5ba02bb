package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Slot;

/** Sums of what a loop computes at each step: first what no state reaches, which can leave the loop; products as one. */
final class LoopSums {
  static final List<Rule> RULES = List.of(LoopSums::statesLast, LoopSums::sumOfProducts);

  private LoopSums() {}

  /** (h W + x U) + b is h W + (x U + b). */
  private static Optional<Node> statesLast(Node node) {
    return Sums.sorted(node, term -> !term.dependsOn(Slot.Role.PREVIOUS));
  }

  /** a A + b B is [a b] [A B], where the weights on the right can be put together outside of the loop. */
  private static Optional<Node> sumOfProducts(Node node) {
    return Sums.joined(node, LoopSums::oneProduct);
  }

  private static Optional<Node> oneProduct(Node one, Node other) {
    if (!(one.op() instanceof Product product)
        || !product.equals(other.op())
        || !isComputedAtEachStep(one.input(0))
        || !isComputedAtEachStep(other.input(0))
        || one.input(1).differsByStep()
        || other.input(1).differsByStep()) {
      return Optional.empty();
    }
    List<Integer> summed = new ArrayList<>(product.left());
    summed.removeAll(product.result());
    summed.retainAll(product.right());
    if (summed.size() != 1) {
      return Optional.empty();
    }
    int left = product.left().indexOf(summed.getFirst());
    int right = product.right().indexOf(summed.getFirst());
    List<Node> as = List.of(one.input(0), other.input(0));
    List<Node> bs = List.of(one.input(1), other.input(1));
    return Parts.fit(left, as) && Parts.fit(right, bs)
        ? Optional.of(
            one.builder().product(Parts.together(left, as), Parts.together(right, bs), product))
        : Optional.empty();
  }

  /** By arithmetic that can write its results side by side. */
  private static boolean isComputedAtEachStep(Node node) {
    return (node.op() instanceof Elementwise || node.op() instanceof Concat)
        && node.dependsOn(Slot.Role.PREVIOUS);
  }
}
