package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Result;

/** Puts a recurrence together anew after its body has been rewritten. */
final class BodyRewrite {
  private BodyRewrite() {}

  /** Finds the images, in another builder, of the nodes of a body; how much it has changed. */
  interface Work {
    int rewrite(List<Node> body, GraphBuilder inner, Map<Node, Node> inside);
  }

  /**
   * Gives the results of a recurrence their images.
   *
   * @param nodes all nodes beside the recurrence
   * @param images of its inputs, at least
   */
  static int apply(
      Node node, List<Node> nodes, GraphBuilder builder, Map<Node, Node> images, Work work) {
    Recur recur = (Recur) node.op();
    List<Node> results = Recurrence.results(nodes, node);
    List<Node> inputs = node.inputs().stream().map(images::get).toList();
    Map<Node, Node> inside = new HashMap<>();
    int count = work.rewrite(recur.body().nodes(), new GraphBuilder(), inside);
    Recurrence recurrence =
        new Recurrence(builder, recur.length(), recur.reverse(), recur.truncate());
    recurrence.inputs(recur, inputs, inside);
    List<Node> values = new ArrayList<>();
    for (Node result : results) {
      values.add(inside.get(recur.body().node(((Result) result.op()).value())));
    }
    Map<Node, Node> closed =
        builder.insteadOf(node, () -> recurrence.close(values.stream().distinct().toList()));
    for (int i = 0; i < results.size(); i++) {
      images.put(results.get(i), closed.get(values.get(i)));
    }
    return count;
  }
}
