package nnc.compiler.pass;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/**
 * A set of rules of one intention, applied from the inputs to the roots.
 *
 * @param name what reports call it
 * @param law what it keeps, in a line
 */
record Pass(String name, String law, List<Rule> rules) {
  private static final int MOST_REWRITES_OF_A_NODE = 100;

  /** A graph and how often a rule applied. */
  record Outcome(Graph graph, int count) {}

  Outcome run(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new HashMap<>();
    int count = 0;
    for (Node node : graph.nodes()) {
      List<Node> inputs = node.inputs().stream().map(images::get).toList();
      Node image = builder.copy(node, inputs, forward(node, images));
      int rewrites = 0;
      for (Optional<Node> next = rewrite(image); next.isPresent(); next = rewrite(image)) {
        Node simpler = next.get();
        if (simpler.label().isEmpty() && simpler.shape().rank() > 0) {
          image.label().ifPresent(label -> builder.label(simpler, label));
        }
        image = simpler;
        count++;
        if (++rewrites > MOST_REWRITES_OF_A_NODE) {
          throw new IllegalStateException(
              "pass " + name + ": the rules turn in a circle at " + node.op());
        }
      }
      images.put(node, image);
    }
    Map<String, Node> roots = new LinkedHashMap<>();
    graph.roots().forEach((root, node) -> roots.put(root, images.get(node)));
    return new Outcome(Graph.of(roots), count);
  }

  /** The image of the forward node that a gradient belongs to; where that has become superfluous, of what it was made of. */
  private static @Nullable Node forward(Node gradient, Map<Node, Node> images) {
    Node forward = gradient.gradientOf().orElse(null);
    while (forward != null && !images.containsKey(forward)) {
      forward = forward.inputs().isEmpty() ? null : forward.input(0);
    }
    return forward == null ? null : images.get(forward);
  }

  private Optional<Node> rewrite(Node node) {
    for (Rule rule : rules) {
      Optional<Node> simpler = node.builder().insteadOf(node, () -> rule.rewrite(node));
      if (simpler.isPresent() && simpler.get() != node) {
        return simpler;
      }
    }
    return Optional.empty();
  }
}
