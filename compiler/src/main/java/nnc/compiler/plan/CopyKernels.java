package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.OverlapAdd;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.plan.Kernel.Head;
import nnc.compiler.plan.Kernel.Part;
import nnc.compiler.plan.Kernel.Stretch;

/** Kernels that move values, and those that add windows up again. */
final class CopyKernels {
  private final KernelBuilder builder;

  CopyKernels(KernelBuilder builder) {
    this.builder = builder;
  }

  Kernel copies(Node node) {
    List<Stretch> stretches = new ArrayList<>();
    View whole = View.contiguous(node);
    Optional<Double> filled = Optional.empty();
    switch (node.op()) {
      case Concat ignored -> {
        List<View> places = Views.parts(node);
        for (int i = 0; i < places.size(); i++) {
          stretches.add(stretch(builder.views().of(node.input(i)), places.get(i)));
        }
      }
      case Pad pad -> {
        filled = Optional.of(pad.value());
        Node part = node.input(0);
        stretches.add(
            stretch(
                builder.views().of(part),
                new View(
                    node,
                    part.shape(),
                    whole.strides().get(pad.axis()).times(Size.of(pad.before())),
                    whole.strides())));
      }
      default -> stretches.add(stretch(builder.views().source(node), whole));
    }
    List<Buffer> reads = new ArrayList<>();
    stretches.forEach(stretch -> LoopKernels.addRead(stretch.from(), reads));
    return new Kernel.Copy(
        builder.head(node, List.of(node), reads, List.of(builder.buffer(node))),
        stretches,
        builder.buffer(node),
        filled);
  }

  Kernel copy(
      String name,
      Node node,
      List<Stretch> stretches,
      Buffer to,
      Optional<Double> filled,
      Part own) {
    List<Buffer> reads = new ArrayList<>();
    stretches.forEach(stretch -> LoopKernels.addRead(stretch.from(), reads));
    Head head =
        new Head(
            builder.names().unique(KernelNames.identifier(name)), node, own, reads, List.of(to));
    return new Kernel.Copy(head, stretches, to, filled);
  }

  Stretch stretch(View from, View to) {
    int split = split(from, to);
    Size rows = Fusion.product(from.shape().sizes().subList(0, split));
    Size columns = Fusion.product(from.shape().sizes().subList(split, from.shape().rank()));
    Access source = Access.of(from, split).orElseThrow();
    Access target = Access.of(to, split).orElseThrow();
    return new Stretch(builder.operands().copied(from.base(), source), target, rows, columns);
  }

  /** As many axes are columns as lie one within the next on both sides, up to what one piece of work should be. */
  private static int split(View from, View to) {
    int rank = from.shape().rank();
    int split = Math.max(0, rank - 1);
    while (split > 0
        && from.innermost(split - 1, rank).isPresent()
        && to.innermost(split - 1, rank).isPresent()
        && Fusion.product(from.shape().sizes().subList(split - 1, rank)).maximum()
            <= Grain.COLUMNS) {
      split--;
    }
    return split;
  }

  Kernel overlaps(Node node) {
    OverlapAdd op = (OverlapAdd) node.op();
    Node input = node.input(0);
    View view = builder.views().of(input);
    int rank = view.shape().rank();
    int inside = op.axis() + 2;
    boolean sideBySide =
        view.innermost(inside, rank).filter(Size::isOne).isPresent()
            && !builder.views().isVirtual(view.base());
    if (!sideBySide) {
      throw new Views.NeedsCopy(input);
    }
    List<Size> sizes = view.shape().sizes();
    View rows =
        new View(
            view.base(),
            new Shape(sizes.subList(0, op.axis())),
            view.offset(),
            view.strides().subList(0, op.axis()));
    Buffer source = builder.buffer(view.base());
    return new Kernel.Overlaps(
        builder.head(node, List.of(node), List.of(source), List.of(builder.buffer(node))),
        op,
        source,
        LoopKernels.access(rows, op.axis()),
        Fusion.product(rows.shape().sizes()),
        sizes.get(op.axis()).constant(),
        view.strides().get(op.axis()),
        sizes.get(op.axis() + 1).constant(),
        view.strides().get(op.axis() + 1),
        Fusion.product(sizes.subList(inside, rank)),
        builder.buffer(node));
  }
}
