package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Sum;

/**
 * Transposes around products become other orders of their labels, as long as the product remains one of matrices: labels of
 * the same role must follow one another in an operand, in the order in which the result or the other operand has them. Where an
 * author wrote it otherwise, the operand is transposed first.
 */
final class AbsorbTransposes {
  static final List<Rule> RULES =
      List.of(
          AbsorbTransposes::sumOfProduct,
          AbsorbTransposes::summedAlone,
          AbsorbTransposes::operand,
          AbsorbTransposes::result,
          AbsorbTransposes::canonical,
          AbsorbTransposes::orderly);

  private AbsorbTransposes() {}

  /** The sum over an axis of a product is a product that sums over it. */
  private static Optional<Node> sumOfProduct(Node node) {
    if (!(node.op() instanceof Sum sum && node.input(0).op() instanceof Product product)) {
      return Optional.empty();
    }
    List<Integer> result = new ArrayList<>();
    for (int axis = 0; axis < product.result().size(); axis++) {
      if (!sum.axes().contains(axis)) {
        result.add(product.result().get(axis));
      }
    }
    return Optional.of(
        node.builder()
            .product(
                node.input(0).input(0),
                node.input(0).input(1),
                new Product(product.left(), product.right(), result)));
  }

  /** A label that one operand has alone is summed before the product. */
  private static Optional<Node> summedAlone(Node node) {
    if (!(node.op() instanceof Product product)) {
      return Optional.empty();
    }
    List<Integer> left =
        product.left().stream()
            .filter(label -> product.right().contains(label) || product.result().contains(label))
            .toList();
    List<Integer> right =
        product.right().stream()
            .filter(label -> product.left().contains(label) || product.result().contains(label))
            .toList();
    if (left.size() == product.left().size() && right.size() == product.right().size()) {
      return Optional.empty();
    }
    return Optional.of(
        node.builder()
            .product(
                summed(node.input(0), product.left(), left),
                summed(node.input(1), product.right(), right),
                new Product(left, right, product.result())));
  }

  private static Node summed(Node operand, List<Integer> labels, List<Integer> kept) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < labels.size(); axis++) {
      if (!kept.contains(labels.get(axis))) {
        axes.add(axis);
      }
    }
    return operand.sum(axes);
  }

  private static Optional<Node> operand(Node node) {
    if (!(node.op() instanceof Product product)) {
      return Optional.empty();
    }
    for (int side = 0; side < 2; side++) {
      if (node.input(side).op() instanceof Permute permute) {
        List<Integer> labels = side == 0 ? product.left() : product.right();
        List<Integer> own = permute.inverse().stream().map(labels::get).toList();
        Node inner = node.input(side).input(0);
        Node left = side == 0 ? inner : node.input(0);
        Node right = side == 0 ? node.input(1) : inner;
        Product direct =
            side == 0
                ? new Product(own, product.right(), product.result())
                : new Product(product.left(), own, product.result());
        if (isOrderly(direct, left, right)) {
          return Optional.of(node.builder().product(left, right, direct));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Node> result(Node node) {
    if (!(node.op() instanceof Permute permute && node.input(0).op() instanceof Product product)) {
      return Optional.empty();
    }
    Product direct =
        new Product(
            product.left(),
            product.right(),
            permute.order().stream().map(product.result()::get).toList());
    Node left = node.input(0).input(0);
    Node right = node.input(0).input(1);
    boolean stays =
        isCanonical(direct)
            || isCanonical(new Product(direct.right(), direct.left(), direct.result()));
    return stays && isOrderly(direct, left, right)
        ? Optional.of(node.builder().product(left, right, direct))
        : Optional.empty(); // the product would be turned back
  }

  /** Results are written batch axes first, then those of the left operand, then those of the right. */
  private static Optional<Node> canonical(Node node) {
    if (!(node.op() instanceof Product product) || isCanonical(product)) {
      return Optional.empty();
    }
    Product swapped = new Product(product.right(), product.left(), product.result());
    if (isCanonical(swapped)) {
      return Optional.of(node.builder().product(node.input(1), node.input(0), swapped));
    }
    List<Integer> order = new ArrayList<>();
    for (int kind = 0; kind < 3; kind++) {
      for (int label : product.result()) {
        if (kind(product, label) == kind) {
          order.add(label);
        }
      }
    }
    Node written =
        node.builder()
            .product(
                node.input(0), node.input(1), new Product(product.left(), product.right(), order));
    return Optional.of(written.permute(product.result().stream().map(order::indexOf).toList()));
  }

  /** Labels of one role follow one another, in one order: an operand in which they do not is transposed. */
  private static Optional<Node> orderly(Node node) {
    if (!(node.op() instanceof Product product)
        || isOrderly(product, node.input(0), node.input(1))) {
      return Optional.empty();
    }
    List<Integer> left = ordered(product.left(), product);
    List<Integer> right = ordered(product.right(), product);
    return Optional.of(
        node.builder()
            .product(
                node.input(0).permute(left.stream().map(product.left()::indexOf).toList()),
                node.input(1).permute(right.stream().map(product.right()::indexOf).toList()),
                new Product(left, right, product.result())));
  }

  /** Labels of the result in its order, then those that are summed, in the left operand's order. */
  private static List<Integer> ordered(List<Integer> labels, Product product) {
    List<Integer> ordered =
        new ArrayList<>(product.result().stream().filter(labels::contains).toList());
    product.left().stream()
        .filter(label -> labels.contains(label) && !ordered.contains(label))
        .forEach(ordered::add);
    return ordered;
  }

  private static boolean isOrderly(Product product, Node left, Node right) {
    return isOrderly(product.left(), left, product) && isOrderly(product.right(), right, product);
  }

  private static boolean isOrderly(List<Integer> labels, Node operand, Product product) {
    List<Integer> large =
        labels.stream()
            .filter(label -> !operand.shape().size(labels.indexOf(label)).isOne())
            .toList();
    List<Integer> wanted = ordered(large, product);
    List<Integer> free =
        wanted.stream()
            .filter(label -> product.result().contains(label) && kind(product, label) > 0)
            .toList();
    List<Integer> summed =
        wanted.stream().filter(label -> !product.result().contains(label)).toList();
    return Collections.indexOfSubList(large, free) >= 0
        && Collections.indexOfSubList(large, summed) >= 0;
  }

  private static boolean isCanonical(Product product) {
    int last = 0;
    for (int label : product.result()) {
      if (kind(product, label) < last) {
        return false;
      }
      last = kind(product, label);
    }
    return true;
  }

  /** 0: in both operands, 1: in the left alone, 2: in the right alone. */
  private static int kind(Product product, int label) {
    boolean left = product.left().contains(label);
    return left && product.right().contains(label) ? 0 : left ? 1 : 2;
  }
}
