package nnc.compiler.pass;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;

/** Whether an optimizer leaves a parameter as it is wherever its gradient is zero. */
public final class RowUpdates {
  private RowUpdates() {}

  /**
   * Puts zero in the place of a gradient and simplifies: parameters and states must be what they were. Numbers that are kept for
   * the whole group may change.
   *
   * @param update equations over flat vectors, with a root for each variable that they change
   * @param gradient the variable that becomes zero: {@code g0}
   * @param roots those that must not change
   */
  public static boolean leaveZerosAlone(Graph update, String gradient, List<String> roots) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new HashMap<>();
    for (Node node : update.nodes()) {
      boolean zero = node.op() instanceof Variable variable && variable.variable().equals(gradient);
      images.put(
          node,
          zero
              ? builder.add(new Constant(0, ElementType.F32)).broadcast(node.shape(), List.of())
              : builder.copy(node, images));
    }
    Map<String, Node> wanted = new LinkedHashMap<>();
    for (String root : roots) {
      if (update.root(root).shape().rank() > 0) {
        wanted.put(root, images.get(update.root(root)));
      }
    }
    return Pipeline.run(Graph.of(wanted)).graph().roots().entrySet().stream()
        .allMatch(root ->
            root.getValue().op() instanceof Variable variable
                && variable.variable().equals(root.getKey()));
  }
}
