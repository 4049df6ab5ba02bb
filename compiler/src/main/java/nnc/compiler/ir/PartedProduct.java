package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The product of a concatenation as a sum of products: [x h] W is x U + h V, where U and V are the parts of W that x and h meet.
 * So what does not depend on a state is multiplied outside of the loop, however the author has written it.
 */
final class PartedProduct {
  private PartedProduct() {}

  /**
   * The sum, if the product sums over the axis along which one of the operands is put together, of parts of both sorts.
   *
   * @param sort what tells the parts from one another; neighbours of one sort stay together
   */
  static Optional<Node> of(Product product, List<Node> operands, Predicate<Node> sort) {
    for (int side = 0; side < 2; side++) {
      if (operands.get(side).op() instanceof Concat concat) {
        int label = (side == 0 ? product.left() : product.right()).get(concat.axis());
        List<Integer> others = side == 0 ? product.right() : product.left();
        List<Node> parts = operands.get(side).inputs();
        boolean mixed = parts.stream().map(sort::test).distinct().count() > 1;
        if (mixed && !product.result().contains(label) && others.contains(label)) {
          return Optional.of(
              sum(
                  product,
                  side,
                  runs(parts, sort),
                  concat.axis(),
                  operands.get(1 - side),
                  others.indexOf(label)));
        }
      }
    }
    return Optional.empty();
  }

  private static List<List<Node>> runs(List<Node> parts, Predicate<Node> sort) {
    List<List<Node>> runs = new ArrayList<>();
    for (Node part : parts) {
      if (runs.isEmpty() || sort.test(runs.getLast().getLast()) != sort.test(part)) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(part);
    }
    return runs;
  }

  private static Node sum(
      Product product, int side, List<List<Node>> runs, int axis, Node other, int otherAxis) {
    List<Node> products = new ArrayList<>();
    int from = 0;
    for (List<Node> run : runs) {
      Node part = run.size() == 1 ? run.getFirst() : other.builder().add(new Concat(axis), run);
      int length = part.shape().size(axis).constant();
      Node met = other.builder().add(new Slice(otherAxis, from, length), other);
      products.add(
          other.builder().product(side == 0 ? part : met, side == 0 ? met : part, product));
      from += length;
    }
    return products.stream().reduce(Node::plus).orElseThrow();
  }
}
