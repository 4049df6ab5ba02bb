package nnc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Variable;

/**
 * A loss or metric over a whole set of rows: its sums over the batch are added up batch by batch, and the rest of its formula
 * is applied to the totals once. So a smaller last batch weighs what it should, and no mean of means arises.
 *
 * @param name the metric's name, or {@code loss}
 * @param sums the sums over the batch, by the names of the graph's roots that compute them
 * @param formula from the totals to the value, the root {@code value}; the batch dim stands for all rows
 */
public record Measure(String name, Map<String, Node> sums, Graph formula, Optional<Dim> batch) {

  /** Cuts a scalar at its sums over the batch. */
  static Measure of(String prefix, String name, Node scalar, Optional<Dim> batch) {
    Map<String, Node> sums = new java.util.LinkedHashMap<>();
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new HashMap<>();
    for (Node node : Graph.needed(List.of(scalar))) {
      if (!dependsOnBatch(node.shape().sizes(), batch)) {
        boolean sum =
            node.op() instanceof Sum && dependsOnBatch(node.input(0).shape().sizes(), batch);
        if (sum) {
          String part = prefix + name + "#" + sums.size();
          sums.put(part, node);
          images.put(node, builder.add(new Variable(Variable.Kind.SETTING, part, node.type())));
        } else if (node.inputs().stream().allMatch(images::containsKey)) {
          images.put(
              node, builder.copy(node, node.inputs().stream().map(images::get).toList(), null));
        }
      }
    }
    Node value = images.get(scalar);
    if (value == null) { // it depends on the batch by other ways than sums: the value of each batch
      // counts by its rows
      String part = prefix + name + "#0";
      Node total = builder.add(new Variable(Variable.Kind.SETTING, part, scalar.type()));
      Node rows = builder.add(new nnc.compiler.ir.Extent(batch.map(Size::of).orElse(Size.ONE)));
      Node weighted =
          scalar.times(
              scalar
                  .builder()
                  .add(new nnc.compiler.ir.Extent(batch.map(Size::of).orElse(Size.ONE))));
      return new Measure(
          name, Map.of(part, weighted), Graph.of(Map.of("value", total.over(rows))), batch);
    }
    Graph formula = Graph.of(Map.of("value", value));
    List<String> used = new ArrayList<>();
    formula
        .nodes()
        .forEach(node -> {
          if (node.op() instanceof Variable variable) {
            used.add(variable.variable());
          }
        });
    sums.keySet().retainAll(used);
    return new Measure(name, sums, formula, batch);
  }

  private static boolean dependsOnBatch(List<Size> sizes, Optional<Dim> batch) {
    return batch.isPresent() && sizes.stream().anyMatch(size -> size.dims().contains(batch.get()));
  }

  /**
   * The value over all rows.
   *
   * @param totals for each of {@link #sums}, what the batches gave, added up
   */
  public double value(Map<String, double[]> totals, int rows) {
    Map<String, Tensor> variables = new HashMap<>();
    formula
        .nodes()
        .forEach(node -> {
          if (node.op() instanceof Variable variable) {
            variables.put(
                variable.variable(),
                new Tensor(node.shape().at(Map.of()), totals.get(variable.variable())));
          }
        });
    Map<Dim, Integer> extents = batch.map(dim -> Map.of(dim, rows)).orElse(Map.of());
    return new Interpreter(extents, variables).run(formula).get("value").scalar();
  }
}
