package nnc.cli.predict;

import java.util.Collection;
import java.util.List;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;

/** Finds out whether what is computed for a row depends on which other rows stand in its batch. */
final class MixedRows {
  private final Dim batch;

  private MixedRows(Dim batch) {
    this.batch = batch;
  }

  /** Whether values mix rows: by a reduction or product over the batch, a look-up in it, or the number of its rows. */
  static boolean in(Collection<Node> values, Dim batch) {
    return new MixedRows(batch).mixed(Graph.needed(values));
  }

  private boolean mixed(List<Node> nodes) {
    return nodes.stream()
        .anyMatch(node ->
            switch (node.op()) {
              case Recur recur -> mixed(recur.body().nodes());
              case Extent extent -> extent.size().dims().contains(batch);
              case Gather ignored -> axes(node.input(0)) > 0;
              default ->
                  axes(node) != 1 && node.inputs().stream().anyMatch(input -> axes(input) > 0);
            });
  }

  /** A value of each row has one axis for the rows; what has none, or two, is of several rows. */
  private long axes(Node node) {
    return node.shape().sizes().stream().filter(size -> size.dims().contains(batch)).count();
  }
}
