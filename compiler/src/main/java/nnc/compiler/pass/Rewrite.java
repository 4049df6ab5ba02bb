package nnc.compiler.pass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Slot;

/** A set of rules of one intention, applied from the inputs to the roots, and inside of bodies. */
record Rewrite(String name, String law, List<Rule> rules, boolean inLoopsAlone) implements Pass {
  private static final int MOST_REWRITES_OF_A_NODE = 100;

  Rewrite(String name, String law, List<Rule> rules) {
    this(name, law, rules, false);
  }

  @Override
  public Outcome run(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new HashMap<>();
    int count = rewrite(graph.nodes(), builder, images, inLoopsAlone ? List.of() : rules);
    return new Outcome(graph.image(images), count);
  }

  /** Finds the images of nodes that have none yet; how many rules applied. */
  private int rewrite(
      List<Node> nodes, GraphBuilder builder, Map<Node, Node> images, List<Rule> rules) {
    int count = 0;
    for (Node node : nodes) {
      if (node.op() instanceof Recur recur) {
        count += body(node, recur, nodes, builder, images);
      } else if (!images.containsKey(node)) {
        count += rewrite(node, builder, images, rules);
      }
    }
    return count;
  }

  private int rewrite(Node node, GraphBuilder builder, Map<Node, Node> images, List<Rule> rules) {
    Node image = builder.copy(node, images);
    int rewrites = 0;
    for (Optional<Node> next = rewritten(image, rules);
        next.isPresent();
        next = rewritten(image, rules)) {
      Node simpler = next.get();
      if (simpler.label().isEmpty() && simpler.shape().rank() > 0) {
        image.label().ifPresent(label -> builder.label(simpler, label));
      }
      image = simpler;
      if (++rewrites > MOST_REWRITES_OF_A_NODE) {
        throw new IllegalStateException(
            "pass " + name + ": the rules turn in a circle at " + node.op());
      }
    }
    images.put(node, image);
    return rewrites;
  }

  private static Optional<Node> rewritten(Node node, List<Rule> rules) {
    for (Rule rule : rules) {
      Optional<Node> simpler = node.builder().insteadOf(node, () -> rule.rewrite(node));
      if (simpler.isPresent() && simpler.get() != node) {
        return simpler;
      }
    }
    return Optional.empty();
  }

  private int body(
      Node node, Recur recur, List<Node> nodes, GraphBuilder builder, Map<Node, Node> images) {
    List<Node> inputs = node.inputs().stream().map(images::get).toList();
    return BodyRewrite.apply(
        node,
        nodes,
        builder,
        images,
        (body, inner, inside) ->
            numbers(recur, inputs, inner, inside) + rewrite(body, inner, inside, rules));
  }

  /** What comes in from outside and is one number everywhere is that number inside. */
  private static int numbers(
      Recur recur, List<Node> inputs, GraphBuilder inner, Map<Node, Node> inside) {
    int count = 0;
    for (Node node : recur.body().nodes()) {
      if (node.op() instanceof Slot slot && slot.role() != Slot.Role.PREVIOUS) {
        Optional<Double> number = inputs.get(recur.input(slot)).constantValue();
        if (number.isPresent()) {
          inside.put(
              node,
              inner
                  .add(new Constant(number.get(), node.type().element()))
                  .broadcast(node.shape(), List.of()));
          count++;
        }
      }
    }
    return count;
  }
}
