package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slot;
import nnc.compiler.plan.Kernel.BatchStep;
import nnc.compiler.plan.Kernel.Matrix;
import nnc.compiler.plan.Kernel.ProductHead;
import nnc.runtime.Products;

/** Reads a product of labels as one product of matrices, or a batch of them, over the operands' own strides. */
final class ProductPlan {
  private ProductPlan() {}

  /** @param steps how often the loop runs that the product stands in; 1 outside of loops */
  static ProductHead of(
      Node node,
      Views views,
      Function<Node, Buffer> buffers,
      Function<Size, Buffer> temporary,
      Buffer c,
      int steps) {
    Product product = (Product) node.op();
    List<Integer> batch =
        product.result().stream()
            .filter(label -> product.left().contains(label) && product.right().contains(label))
            .toList();
    List<Integer> m =
        product.result().stream()
            .filter(label -> product.left().contains(label) && !product.right().contains(label))
            .toList();
    List<Integer> n =
        product.result().stream().filter(label -> !product.left().contains(label)).toList();
    List<Integer> k =
        product.left().stream()
            .filter(label -> product.right().contains(label) && !product.result().contains(label))
            .toList();
    requireSummedTogether(node, product, k);
    View a = views.of(node.input(0));
    View b = views.of(node.input(1));
    List<Integer> expected = new ArrayList<>(batch);
    expected.addAll(m);
    expected.addAll(n);
    if (!expected.equals(product.result())) {
      throw new IllegalStateException(
          "planner: the product " + product + " is not in canonical order");
    }
    Size aRow = stride(a, product.left(), m, node.input(0));
    Size aColumn = stride(a, product.left(), k, node.input(0));
    Size bRow = stride(b, product.right(), k, node.input(1));
    Size bColumn = stride(b, product.right(), n, node.input(1));
    requireInMemory(a, node.input(0), views);
    requireInMemory(b, node.input(1), views);
    Size rows = extent(a, product.left(), m);
    Size inner = extent(a, product.left(), k);
    Size columns = extent(b, product.right(), n);
    Size count = extent(a, product.left(), batch);
    int uses = count.isOne() && isSameAtEachStep(b.base()) ? steps : 1;
    Optional<Buffer> packed =
        Products.packs(Math.toIntExact(rows.maximum() * uses))
            ? Optional.of(temporary.apply(packedLength(inner, columns)))
            : Optional.empty();
    return new ProductHead(
        node,
        product,
        new Matrix(buffers.apply(a.base()), a.offset(), aRow, aColumn),
        new Matrix(buffers.apply(b.base()), b.offset(), bRow, bColumn),
        c,
        packed,
        uses,
        count,
        rows,
        inner,
        columns,
        steps(batch, a, b, product));
  }

  private static Size packedLength(Size k, Size n) {
    return Size.of(
        Products.packedLength(Math.toIntExact(k.maximum()), Math.toIntExact(n.maximum())));
  }

  private static boolean isSameAtEachStep(Node base) {
    return base.op() instanceof Slot slot && slot.role() == Slot.Role.WHOLE;
  }

  /** A label that only one operand has, and not the result, is summed before the product. */
  private static void requireSummedTogether(Node node, Product product, List<Integer> k) {
    for (List<Integer> side : List.of(product.left(), product.right())) {
      for (int label : side) {
        if (!product.result().contains(label) && !k.contains(label)) {
          throw new IllegalStateException(
              "planner: label " + label + " of " + node.op() + " is summed in one operand alone");
        }
      }
    }
  }

  private static void requireInMemory(View view, Node operand, Views views) {
    if (views.isVirtual(view.base())) {
      throw new Views.NeedsCopy(operand);
    }
  }

  private static Size stride(View view, List<Integer> labels, List<Integer> run, Node operand) {
    return merged(view, labels, run)
        .innermost(0, run.size())
        .orElseThrow(() -> new Views.NeedsCopy(operand));
  }

  private static View merged(View view, List<Integer> labels, List<Integer> run) {
    List<Size> sizes = new ArrayList<>();
    List<Size> strides = new ArrayList<>();
    for (int label : run) {
      sizes.add(view.shape().size(labels.indexOf(label)));
      strides.add(view.strides().get(labels.indexOf(label)));
    }
    return new View(view.base(), new Shape(sizes), view.offset(), strides);
  }

  private static Size extent(View view, List<Integer> labels, List<Integer> run) {
    return Fusion.product(merged(view, labels, run).shape().sizes());
  }

  private static List<BatchStep> steps(List<Integer> batch, View a, View b, Product product) {
    List<BatchStep> steps = new ArrayList<>();
    Size inside = Size.ONE;
    for (int label : batch.reversed()) {
      Size size = a.shape().size(product.left().indexOf(label));
      if (size.isOne()) {
        continue;
      }
      steps.add(
          new BatchStep(
              inside,
              size,
              a.strides().get(product.left().indexOf(label)),
              b.strides().get(product.right().indexOf(label))));
      inside = inside.times(size);
    }
    return steps;
  }
}
