package nnc.compiler.ir;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Checks what every graph must keep; a violation is a defect of the pass that made the graph. */
public final class GraphVerifier {
  private GraphVerifier() {}

  public static Graph verify(Graph graph, String stage) {
    Set<Node> seen = new HashSet<>();
    for (Node node : graph.nodes()) {
      for (Node input : node.inputs()) {
        require(seen.contains(input), stage, () -> node + " stands before its input " + input);
      }
      Type expected = node.op().infer(node.inputs().stream().map(Node::type).toList());
      require(
          expected.equals(node.type()),
          stage,
          () -> node + " has type " + node.type() + ", its op says " + expected);
      require(seen.add(node), stage, () -> node + " stands twice");
    }
    graph
        .roots()
        .forEach((name, node) ->
            require(seen.contains(node), stage, () -> "root " + name + " is not in the graph"));
    return graph;
  }

  private static void require(boolean holds, String stage, Supplier<String> what) {
    if (!holds) {
      throw new IllegalStateException("after " + stage + ": " + what.get());
    }
  }
}
