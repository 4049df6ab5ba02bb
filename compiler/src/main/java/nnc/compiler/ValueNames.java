package nnc.compiler;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Planner;
import nnc.runtime.Generation;

/** Names for what the author gave none: values that are asked for by name, and values that are several named ones. */
final class ValueNames {
  /** Of more parts the first and the last are named. */
  private static final int MOST_PARTS = 4;

  private ValueNames() {}

  static void give(Graph graph) {
    graph.roots().forEach(ValueNames::root);
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Concat) {
        whole(node, node.inputs());
      }
    }
    Map<Node, Set<Node>> slices = new LinkedHashMap<>();
    for (Node node : graph.roots().values()) {
      if (node.op() instanceof Slice) {
        slices.computeIfAbsent(node.input(0), whole -> new LinkedHashSet<>()).add(node);
      }
    }
    slices.forEach((whole, parts) ->
        whole(
            whole,
            parts.stream()
                .sorted(Comparator.comparingInt(part -> ((Slice) part.op()).from()))
                .toList()));
  }

  /** What is asked for by name is called by it: loss, accuracy, d_dense1.W. */
  private static void root(String root, Node node) {
    if (!(node.op() instanceof Variable)
        && !root.startsWith("eval.")
        && !root.equals(Generation.SCORES)) {
      String name =
          root.startsWith(Planner.GRADIENT)
              ? "d_" + TypedModel.shown(root.substring(Planner.GRADIENT.length()))
              : root.replaceFirst("^(output|metric)[.]", "");
      node.builder().label(node, name.replace('#', '_'));
    }
  }

  /** What holds several values side by side is called by all of them: lstm1.Wf_Wi. */
  private static void whole(Node whole, List<Node> parts) {
    List<String> names = parts.stream().map(Node::label).flatMap(Optional::stream).toList();
    if (whole.label().isPresent() || names.size() < Math.max(2, parts.size())) {
      return;
    }
    String first = names.getFirst();
    String path = first.substring(0, first.lastIndexOf('.') + 1);
    List<String> rest =
        names.stream()
            .map(name -> name.startsWith(path) ? name.substring(path.length()) : name)
            .toList();
    whole
        .builder()
        .label(
            whole,
            path
                + (rest.size() <= MOST_PARTS
                    ? String.join("_", rest)
                    : rest.getFirst() + "_to_" + rest.getLast()));
  }
}
