package nnc.compiler.grad;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Variable;

/** Derivatives of a scalar by central differences, in double precision: (f(x + h) - f(x - h)) / 2h. */
public final class FiniteDifferences {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;

  private FiniteDifferences() {}

  /**
   * Compares gradients with differences, for every element of every variable.
   *
   * @param gradients by variable; where there is none, the derivative is to be 0
   * @param extents of run-time dims
   * @return what the first element says on which they differ
   */
  public static Optional<String> disagreement(
      Node scalar,
      List<Node> variables,
      Map<Node, Node> gradients,
      Map<String, Tensor> values,
      Map<Dim, Integer> extents) {
    Graph graph = Graph.of(Map.of("f", scalar));
    for (Node variable : variables) {
      String name = ((Variable) variable.op()).variable();
      double[] elements = Known.in(values, name).values();
      double[] gradient =
          Optional.ofNullable(gradients.get(variable))
              .map(node ->
                  Known.in(new Interpreter(extents, values).run(Graph.of(Map.of("g", node))), "g")
                      .values())
              .orElse(new double[elements.length]);
      for (int i = 0; i < elements.length; i++) {
        double difference = difference(graph, values, extents, elements, i);
        if (!(Math.abs(gradient[i] - difference) <= TOLERANCE * (1 + Math.abs(difference)))) {
          return Optional.of(
              "by element "
                  + i
                  + " of "
                  + name
                  + ": the gradient says "
                  + gradient[i]
                  + ", differences say "
                  + difference);
        }
      }
    }
    return Optional.empty();
  }

  private static double difference(
      Graph graph,
      Map<String, Tensor> values,
      Map<Dim, Integer> extents,
      double[] elements,
      int i) {
    double x = elements[i];
    try {
      elements[i] = x + STEP;
      double above = Known.in(new Interpreter(extents, values).run(graph), "f").scalar();
      elements[i] = x - STEP;
      double below = Known.in(new Interpreter(extents, values).run(graph), "f").scalar();
      return (above - below) / (2 * STEP);
    } finally {
      elements[i] = x;
    }
  }
}
