package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;

/** Transposes around products become other orders of their labels. */
final class AbsorbTransposes {
  static final List<Rule> RULES = 
      List.of(AbsorbTransposes::summedAlone, AbsorbTransposes::operand, AbsorbTransposes::result, AbsorbTransposes::canonical);

  private AbsorbTransposes() {}

  /** A label that one operand has alone is summed before the product. */
  private static Optional<Node> summedAlone(Node node) {
    if (!(node.op() instanceof Product product)) {
      return Optional.empty();
    }
    List<Integer> left = product.left().stream().filter(label -> product.right().contains(label) || product.result().contains(label)).toList();
    List<Integer> right = product.right().stream().filter(label -> product.left().contains(label) || product.result().contains(label)).toList();
    if (left.size() == product.left().size() && right.size() == product.right().size()) {
      return Optional.empty();
    }
    return Optional.of(node.builder().product(
        summed(node.input(0), product.left(), left), summed(node.input(1), product.right(), right), new Product(left, right, product.result())));
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
        return Optional.of(
            side == 0
                ? node.builder().product(inner, node.input(1), new Product(own, product.right(), product.result()))
                : node.builder().product(node.input(0), inner, new Product(product.left(), own, product.result())));
      }
    }
    return Optional.empty();
  }

  private static Optional<Node> result(Node node) {
    if (!(node.op() instanceof Permute permute && node.input(0).op() instanceof Product product)) {
      return Optional.empty();
    }
    Product direct = new Product(product.left(), product.right(), permute.order().stream().map(product.result()::get).toList());
    if (!isCanonical(direct) && !isCanonical(new Product(direct.right(), direct.left(), direct.result()))) {
      return Optional.empty(); // the product would be turned back
    }
    return Optional.of(node.builder().product(node.input(0).input(0), node.input(0).input(1), direct));
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
    Node written = node.builder().product(node.input(0), node.input(1), new Product(product.left(), product.right(), order));
    return Optional.of(written.permute(product.result().stream().map(order::indexOf).toList()));
  }

  static boolean isCanonical(Product product) {
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
