package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Sum;

/**
 * Transposes around products become other orders of their labels, as long as the product remains one of matrices: labels of
 * the same role must follow one another in an operand, in the order in which the result or the other operand has them. Where an
 * author wrote it otherwise, the operand is transposed first.
 */
final class AbsorbTransposes {
  static final List<Rule> RULES =
      List.of(
          AbsorbTransposes::sumOfPart,
          AbsorbTransposes::sumOfMoved,
          AbsorbTransposes::sumOfProduct,
          AbsorbTransposes::summedAlone,
          AbsorbTransposes::singleBatch,
          AbsorbTransposes::operand,
          AbsorbTransposes::result,
          AbsorbTransposes::canonical,
          AbsorbTransposes::orderly);

  /** Products of matrices, their results in the order in which they are written. */
  static final List<Rule> NEEDED =
      List.of(
          AbsorbTransposes::summedAlone, AbsorbTransposes::canonical, AbsorbTransposes::orderly);

  private AbsorbTransposes() {}

  /** The sum over an axis of a part is the part of a sum, which may be a product. */
  private static Optional<Node> sumOfPart(Node node) {
    if (!(node.op() instanceof Sum sum
            && node.input(0).op() instanceof Slice slice
            && becomesProduct(node.input(0).input(0)))
        || sum.axes().contains(slice.axis())) {
      return Optional.empty();
    }
    int axis = without(sum, slice.axis());
    Node whole = node.input(0).input(0).sum(sum.axes());
    return Optional.of(node.builder().add(new Slice(axis, slice.from(), slice.length()), whole));
  }

  /** The sum over an axis of products put together, or surrounded by zeros, is of each of them: a product that sums over it. */
  private static Optional<Node> sumOfMoved(Node node) {
    if (!(node.op() instanceof Sum sum)
        || !node.input(0).inputs().stream().allMatch(AbsorbTransposes::isPartOfProduct)) {
      return Optional.empty();
    }
    List<Node> parts = node.input(0).inputs();
    return switch (node.input(0).op()) {
      case Concat concat when !sum.axes().contains(concat.axis()) ->
          Optional.of(moved(new Concat(without(sum, concat.axis())), parts, sum));
      case Pad pad when !sum.axes().contains(pad.axis()) && pad.value() == 0 ->
          Optional.of(
              moved(new Pad(without(sum, pad.axis()), pad.before(), pad.after()), parts, sum));
      default -> Optional.empty();
    };
  }

  private static Node moved(ShapeOp move, List<Node> parts, Sum sum) {
    return parts
        .getFirst()
        .builder()
        .add(move, parts.stream().map(part -> part.sum(sum.axes())).toList());
  }

  /** What an axis is called when others are summed. */
  private static int without(Sum sum, int axis) {
    return axis - (int) sum.axes().stream().filter(each -> each < axis).count();
  }

  private static boolean isPartOfProduct(Node node) {
    return node.op() instanceof Product
        || node.op() instanceof Slice && node.input(0).op() instanceof Product;
  }

  private static boolean becomesProduct(Node node) {
    return node.op() instanceof Product || node.op() instanceof Result;
  }

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

  /** A batch of one product is the product. */
  private static Optional<Node> singleBatch(Node node) {
    if (!(node.op() instanceof Product product)) {
      return Optional.empty();
    }
    List<Integer> single =
        product.result().stream()
            .filter(label ->
                kind(product, label) == 0
                    && node.shape().size(product.result().indexOf(label)).isOne())
            .toList();
    if (single.isEmpty()) {
      return Optional.empty();
    }
    Node direct =
        node.builder()
            .product(
                squeezed(node.input(0), product.left(), single),
                squeezed(node.input(1), product.right(), single),
                new Product(
                    without(product.left(), single),
                    without(product.right(), single),
                    without(product.result(), single)));
    return Optional.of(direct.reshape(node.shape()));
  }

  private static Node squeezed(Node operand, List<Integer> labels, List<Integer> gone) {
    return operand.reshape(operand.shape().without(gone.stream().map(labels::indexOf).toList()));
  }

  private static List<Integer> without(List<Integer> labels, List<Integer> gone) {
    return labels.stream().filter(label -> !gone.contains(label)).toList();
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

  /**
   * Results are written batch axes first, in the order of the larger operand, then those of the left operand, then those of
   * the right. The last axis stays the last, so that what moves the result moves whole rows.
   */
  private static Optional<Node> canonical(Node node) {
    if (!(node.op() instanceof Product product) || isCanonical(product)) {
      return Optional.empty();
    }
    boolean swaps = kind(product, product.result().getLast()) == 1;
    Product turned =
        swaps ? new Product(product.right(), product.left(), product.result()) : product;
    Node left = node.input(swaps ? 1 : 0);
    Node right = node.input(swaps ? 0 : 1);
    if (isCanonical(turned)) {
      return Optional.of(node.builder().product(left, right, turned));
    }
    boolean leftIsLarger = left.shape().elements().maximum() > right.shape().elements().maximum();
    List<Integer> order =
        new ArrayList<>(ofKind(leftIsLarger ? turned.left() : turned.right(), turned, 0));
    order.addAll(ofKind(turned.result(), turned, 1));
    order.addAll(ofKind(turned.result(), turned, 2));
    Node written =
        node.builder().product(left, right, new Product(turned.left(), turned.right(), order));
    return Optional.of(written.permute(turned.result().stream().map(order::indexOf).toList()));
  }

  /**
   * Labels of one role follow one another, in one order: an operand in which they do not is transposed. The order is that of
   * the largest tensor, so that the smaller ones are moved, and so that all products that read it find it in one order.
   * Where the result is moved anyway, the smaller operand goes to the right, where operands are packed.
   */
  private static Optional<Node> orderly(Node node) {
    if (!(node.op() instanceof Product product)
        || isOrderly(product, node.input(0), node.input(1))) {
      return Optional.empty();
    }
    long left = node.input(0).shape().elements().maximum();
    long right = node.input(1).shape().elements().maximum();
    long result = node.shape().elements().maximum();
    List<Integer> batch = ofKind(product.result(), product, 0);
    List<Integer> rows = ofKind(left > result ? product.left() : product.result(), product, 1);
    List<Integer> columns = ofKind(right > result ? product.right() : product.result(), product, 2);
    List<Integer> summed = new ArrayList<>(right > left ? product.right() : product.left());
    summed.removeAll(product.result());
    List<Integer> written = new ArrayList<>(batch);
    written.addAll(rows);
    written.addAll(columns);
    List<Integer> leftLabels = gathered(product.left(), node.input(0), rows, summed);
    List<Integer> rightLabels = gathered(product.right(), node.input(1), columns, summed);
    Node a = node.input(0).permute(leftLabels.stream().map(product.left()::indexOf).toList());
    Node b = node.input(1).permute(rightLabels.stream().map(product.right()::indexOf).toList());
    if (right > left && !written.equals(product.result())) {
      List<Integer> turned = new ArrayList<>(batch);
      turned.addAll(columns);
      turned.addAll(rows);
      Node swapped = node.builder().product(b, a, new Product(rightLabels, leftLabels, turned));
      return Optional.of(swapped.permute(product.result().stream().map(turned::indexOf).toList()));
    }
    Node direct = node.builder().product(a, b, new Product(leftLabels, rightLabels, written));
    return Optional.of(direct.permute(product.result().stream().map(written::indexOf).toList()));
  }

  private static List<Integer> ofKind(List<Integer> labels, Product product, int kind) {
    return labels.stream()
        .filter(label -> product.result().contains(label) && kind(product, label) == kind)
        .toList();
  }

  /**
   * An operand's labels as they are, if two runs follow one another in it; else each run where its last label stood, so that
   * neighbours in memory stay neighbours.
   */
  private static List<Integer> gathered(
      List<Integer> labels, Node operand, List<Integer> free, List<Integer> summed) {
    List<Integer> large =
        labels.stream()
            .filter(label -> !operand.shape().size(labels.indexOf(label)).isOne())
            .toList();
    if (List.of(free, summed).stream()
        .allMatch(run ->
            Collections.indexOfSubList(large, run.stream().filter(large::contains).toList())
                >= 0)) {
      return labels;
    }
    List<Integer> gathered = new ArrayList<>();
    for (int label : labels.reversed()) {
      List<Integer> run =
          free.contains(label) ? free : summed.contains(label) ? summed : List.of(label);
      run.reversed().stream().filter(other -> !gathered.contains(other)).forEach(gathered::add);
    }
    return gathered.reversed();
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
