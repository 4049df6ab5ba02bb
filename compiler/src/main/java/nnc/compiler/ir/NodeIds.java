package nnc.compiler.ir;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the nodes of a graph are called where it is printed: 12, and 12.3 for the fourth node of 12's body. */
public final class NodeIds {
  private final Map<Node, String> ids = new LinkedHashMap<>();

  public NodeIds(Graph graph) {
    graph.nodes().forEach(node -> add(node, String.valueOf(node.id())));
  }

  private void add(Node node, String id) {
    if (ids.putIfAbsent(node, id) == null && node.op() instanceof Recur recur) {
      List<Node> body = recur.body().nodes();
      for (int number = 0; number < body.size(); number++) {
        add(body.get(number), id + "." + number);
      }
    }
  }

  /** The id of a node of the graph, or of a body in it. */
  public String of(Node node) {
    return Known.in(ids, node);
  }

  /** The id, if the graph still has the node: the forward value of a gradient may be gone. */
  public Optional<String> find(Node node) {
    return Optional.ofNullable(ids.get(node));
  }

  /** All nodes of the graph, each body behind its recurrence. */
  public List<Node> nodes() {
    return List.copyOf(ids.keySet());
  }
}
