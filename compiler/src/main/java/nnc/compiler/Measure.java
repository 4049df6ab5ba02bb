package nnc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Uniform;
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

  /**
   * Cuts a scalar at its sums over the batch, and at scalars that no sum enters but parameters do (what weighs their size, for
   * instance): of these every batch's value counts by its rows.
   */
  static Measure of(String prefix, String name, Node scalar, Optional<Dim> batch) {
    Cut cut = new Cut(prefix + name + "#", batch);
    Graph.needed(List.of(scalar)).forEach(cut::add);
    Node value = cut.images.containsKey(scalar) ? cut.images.get(scalar) : cut.weighted(scalar);
    Graph formula = Graph.of(Map.of("value", value));
    List<String> used = new ArrayList<>();
    formula
        .nodes()
        .forEach(node -> {
          if (node.op() instanceof Variable variable) {
            used.add(variable.variable());
          }
        });
    cut.sums.keySet().retainAll(used);
    return new Measure(name, cut.sums, formula, batch);
  }

  /** The formula while it is made, behind what it is cut from. */
  private static final class Cut {
    private final String prefix;
    private final Optional<Dim> batch;
    private final GraphBuilder builder = new GraphBuilder();
    private final Map<String, Node> sums = new LinkedHashMap<>();

    /** What stands for a node in the formula. */
    private final Map<Node, Node> images = new HashMap<>();

    /** Nodes that are the same whatever batch and parameters are. */
    private final Set<Node> constant = new HashSet<>();

    /** Nodes that parameters, and other variables without rows, enter, and nothing of the batch. */
    private final Set<Node> steady = new HashSet<>();

    Cut(String prefix, Optional<Dim> batch) {
      this.prefix = prefix;
      this.batch = batch;
    }

    /** Takes the next node; its inputs were taken before. */
    void add(Node node) {
      if (dependsOnBatch(node.shape().sizes(), batch)) {
        return;
      }
      if (node.op() instanceof Sum && dependsOnBatch(node.input(0).shape().sizes(), batch)) {
        images.put(node, total(node));
      } else if (isSteady(node)) {
        steady.add(node);
        if (node.shape().rank() == 0) {
          images.put(node, weighted(node));
        }
      } else if (node.inputs().stream().allMatch(images::containsKey)) {
        images.put(
            node, builder.copy(node, node.inputs().stream().map(images::get).toList(), null));
        if (!(node.op() instanceof Extent) && constant.containsAll(node.inputs())) {
          constant.add(node);
        }
      }
    }

    private boolean isSteady(Node node) {
      return node.inputs().isEmpty()
          ? node.op() instanceof Variable || node.op() instanceof Uniform
          : node.inputs().stream().anyMatch(steady::contains)
              && node.inputs().stream()
                  .allMatch(input -> steady.contains(input) || constant.contains(input));
    }

    private Node total(Node sum) {
      String part = prefix + sums.size();
      sums.put(part, sum);
      return builder.add(new Variable(Variable.Kind.SETTING, part, sum.type()));
    }

    /** The mean of the batches' values, each as often as its batch has rows. */
    private Node weighted(Node scalar) {
      Extent rows = new Extent(batch.map(Size::of).orElse(Size.ONE));
      GraphBuilder whole = scalar.builder();
      Node product = whole.insteadOf(scalar, () -> scalar.times(whole.add(rows)));
      return total(product).over(builder.add(rows));
    }
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
                new Tensor(
                    node.shape().at(Map.of()),
                    Objects.requireNonNull(totals.get(variable.variable()))));
          }
        });
    Map<Dim, Integer> extents = batch.map(dim -> Map.of(dim, rows)).orElse(Map.of());
    Map<String, Tensor> results = new Interpreter(extents, variables).run(formula);
    return Objects.requireNonNull(results.get("value")).scalar();
  }
}
