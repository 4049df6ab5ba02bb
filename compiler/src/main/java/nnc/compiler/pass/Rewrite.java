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

/**
 * A set of rules of one intention, applied from the inputs to the roots, and inside of bodies.
 *
 * @param needed rules for graphs that the planner would not read otherwise, which hold when the pass is switched off, too
 */
record Rewrite(String name, String law, List<Rule> rules, List<Rule> needed, boolean inLoopsAlone)
    implements Pass {
  private static final int MOST_REWRITES_OF_A_NODE = 100;

  Rewrite(String name, String law, List<Rule> rules) {
    this(name, law, rules, List.of());
  }

  Rewrite(String name, String law, List<Rule> rules, List<Rule> needed) {
    this(name, law, rules, needed, false);
  }

  static Rewrite inLoops(String name, String law, List<Rule> rules) {
    return new Rewrite(name, law, rules, List.of(), true);
  }

  @Override
  public Optional<Pass> canonical() {
    return needed.isEmpty()
        ? Optional.empty()
        : Optional.of(new Rewrite(name, law, needed, needed, inLoopsAlone));
  }

  @Override
  public Outcome run(Graph graph) {
    Scope scope = new Scope(new GraphBuilder(), new HashMap<>(), inLoopsAlone ? List.of() : rules);
    scope.rewrite(graph.nodes());
    return new Outcome(graph.image(scope.images), scope.count);
  }

  /** The graph, or a body, while it is copied. */
  private final class Scope {
    private final GraphBuilder builder;
    private final Map<Node, Node> images;
    private final List<Rule> rules;

    /** Nodes of the builder, and what has become of them: themselves, where no rule applies. */
    private final Map<Node, Node> settled = new HashMap<>();

    private int count;

    Scope(GraphBuilder builder, Map<Node, Node> images, List<Rule> rules) {
      this.builder = builder;
      this.images = images;
      this.rules = rules;
    }

    /** Finds the images of nodes that have none yet. */
    void rewrite(List<Node> nodes) {
      for (Node node : nodes) {
        if (node.op() instanceof Recur recur) {
          body(node, recur, nodes);
        } else if (!images.containsKey(node)) {
          Node copy = builder.copy(node, images);
          Node image = settle(copy);
          if (image.label().isEmpty() && image.shape().rank() > 0) {
            copy.label().ifPresent(label -> builder.label(image, label));
          }
          images.put(node, image);
        } else {
          Node image = images.get(node);
          settled.put(image, image);
        }
      }
    }

    /** What a node becomes, and before it all that the rules have made for it. */
    private Node settle(Node node) {
      Node known = settled.get(node);
      if (known != null) {
        return known;
      }
      Node image = overSettled(node);
      int rewrites = 0;
      for (Optional<Node> next = rewritten(image); next.isPresent(); next = rewritten(image)) {
        image = overSettled(next.get());
        if (++rewrites > MOST_REWRITES_OF_A_NODE) {
          throw new IllegalStateException(
              "pass " + name + ": the rules turn in a circle at " + node.op());
        }
      }
      count += rewrites;
      settled.put(node, image);
      settled.put(image, image);
      return image;
    }

    private Node overSettled(Node node) {
      if (settled.containsKey(node)) {
        return node;
      }
      List<Node> inputs = node.inputs().stream().map(this::settle).toList();
      return inputs.equals(node.inputs())
          ? node
          : builder.copy(node, inputs, node.gradientOf().orElse(null));
    }

    private Optional<Node> rewritten(Node node) {
      for (Rule rule : rules) {
        Optional<Node> simpler = builder.insteadOf(node, () -> rule.rewrite(node));
        if (simpler.isPresent() && simpler.get() != node) {
          return simpler;
        }
      }
      return Optional.empty();
    }

    private void body(Node node, Recur recur, List<Node> nodes) {
      List<Node> inputs = node.inputs().stream().map(images::get).toList();
      count +=
          BodyRewrite.apply(
              node,
              nodes,
              builder,
              images,
              (body, inner, inside) -> {
                int numbers = numbers(recur, inputs, inner, inside);
                Scope scope = new Scope(inner, inside, Rewrite.this.rules);
                scope.rewrite(body);
                return numbers + scope.count;
              });
    }
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
