package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Draw;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.RowOp;
import nnc.compiler.ir.ScatterAdd;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Uniform;

/** Kernels on rows that ids name, and those of random numbers. */
final class RowKernels {
  private final KernelBuilder builder;

  RowKernels(KernelBuilder builder) {
    this.builder = builder;
  }

  Kernel rows(Node node) {
    return switch ((RowOp) node.op()) {
      case Draw ignored -> draw(node);
      case Gather ignored -> gather(node);
      case ScatterAdd scatter -> scatterAdd(node, scatter);
    };
  }

  private Kernel draw(Node node) {
    Kernel.Stored weights = stored(node.input(0));
    Kernel.Stored numbers = stored(node.input(1));
    Size choices = node.input(0).shape().elements();
    Buffer sums = builder.temporary(node.shownName() + ".partials", choices);
    return new Kernel.Draw(
        builder.head(
            node,
            List.of(node),
            List.of(weights.buffer(), numbers.buffer()),
            List.of(builder.buffer(node), sums)),
        weights,
        numbers,
        choices,
        node.shape().elements(),
        sums,
        builder.buffer(node));
  }

  private Kernel gather(Node node) {
    Kernel.Stored table = stored(node.input(0));
    Kernel.Stored ids = stored(node.input(1));
    List<Size> sizes = node.input(0).shape().sizes();
    return new Kernel.Gather(
        builder.head(
            node,
            List.of(node),
            List.of(table.buffer(), ids.buffer()),
            List.of(builder.buffer(node))),
        table,
        ids,
        node.input(1).shape().elements(),
        sizes.getFirst(),
        Fusion.product(sizes.subList(1, sizes.size())),
        builder.buffer(node));
  }

  private Kernel scatterAdd(Node node, ScatterAdd scatter) {
    List<Kernel.RowValues> parts = new ArrayList<>();
    List<Buffer> reads = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i += 2) {
      Kernel.Stored ids = stored(node.input(i));
      Kernel.Stored values = stored(node.input(i + 1));
      parts.add(new Kernel.RowValues(ids, values, node.input(i).shape().elements()));
      reads.addAll(List.of(ids.buffer(), values.buffer()));
    }
    return new Kernel.ScatterAdd(
        builder.head(node, List.of(node), reads, List.of(builder.buffer(node))),
        parts,
        scatter.rows(),
        Fusion.product(node.shape().sizes().subList(1, node.shape().rank())),
        builder.buffer(node),
        Optional.empty());
  }

  /** Where all elements of a value lie one after the other. */
  private Kernel.Stored stored(Node node) {
    View view = builder.views().of(node);
    if (!view.isContiguous() || builder.views().isVirtual(view.base())) {
      throw new Views.NeedsCopy(node);
    }
    return new Kernel.Stored(builder.buffer(view.base()), view.offset());
  }

  Kernel fill(Node node) {
    return new Kernel.Fill(
        builder.head(node, List.of(node), List.of(), List.of(builder.buffer(node))),
        (Uniform) node.op(),
        node.shape().elements(),
        builder.buffer(node));
  }
}
