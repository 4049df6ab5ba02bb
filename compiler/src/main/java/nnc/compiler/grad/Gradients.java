package nnc.compiler.grad;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Optimizations;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Structured;
import org.jspecify.annotations.Nullable;

/**
 * The reverse sweep: from a scalar back through the graph, each op's own rule says what its inputs receive. It knows no op
 * by name, and what it makes are nodes like any other, so a gradient can be differentiated again.
 */
public final class Gradients {
  /** The name of an optimization: see {@link Residuals}. */
  public static final String RECOMPUTE = "recompute-steps";

  private final Rules rules;
  private final boolean truncates;
  private final boolean recomputes;
  private int recomputed;

  /** What the inputs of a node receive; {@link nnc.compiler.ir.Op#gradient} unless a test puts an error in. */
  public interface Rules {
    List<@Nullable Node> gradient(Node node, Node upstream);
  }

  public Gradients() {
    this((node, upstream) -> node.op().gradient(node, upstream));
  }

  public Gradients(Rules rules) {
    this(rules, true, true);
  }

  private Gradients(Rules rules, boolean truncates, boolean recomputes) {
    this.rules = rules;
    this.truncates = truncates;
    this.recomputes = recomputes;
  }

  /** The same through all steps of every recurrence: what differences of the loss agree with. */
  public Gradients throughAllSteps() {
    return new Gradients(rules, false, recomputes);
  }

  public Gradients with(Optimizations optimizations) {
    return new Gradients(rules, truncates, optimizations.include(RECOMPUTE));
  }

  boolean truncates() {
    return truncates;
  }

  boolean recomputes() {
    return recomputes;
  }

  void recomputed(int values) {
    recomputed += values;
  }

  /** How many values of loops have been left to their gradients to compute again. */
  public int recomputed() {
    return recomputed;
  }

  /**
   * The gradient of a scalar by each target that it depends on, in the order of the targets.
   *
   * @param scalar a node of shape []
   * @return no entry for a target that no gradient reaches
   */
  public Map<Node, Node> of(Node scalar, List<Node> targets) {
    if (scalar.shape().rank() != 0) {
      throw new IllegalArgumentException("gradients: of a scalar, not of " + scalar.type());
    }
    Map<Node, Node> received =
        sweep(
            Graph.needed(List.of(scalar)),
            Map.of(scalar, scalar.constant(1)),
            new HashSet<>(targets));
    Map<Node, Node> gradients = new LinkedHashMap<>();
    for (Node target : targets) {
      Node gradient = received.get(target);
      if (gradient != null) {
        gradients.put(target, gradient);
      }
    }
    return Collections.unmodifiableMap(gradients);
  }

  /**
   * Goes back through nodes, inputs before users.
   *
   * @param seeds what some nodes receive from outside
   * @return what each node receives that a target depends on
   */
  Map<Node, Node> sweep(List<Node> nodes, Map<Node, Node> seeds, Set<Node> targets) {
    Set<Node> reaching = reaching(nodes, targets);
    Map<Node, Node> received = new HashMap<>(seeds);
    Map<Node, Map<Node, Node>> ofRecurrences = new HashMap<>();
    for (Node node : nodes.reversed()) {
      Node upstream = received.get(node);
      if (!reaching.contains(node) || node.inputs().isEmpty()) {
        continue;
      }
      if (node.op() instanceof Result && upstream != null) {
        ofRecurrences
            .computeIfAbsent(node.input(0), ignored -> new LinkedHashMap<>())
            .put(node, upstream);
      } else if (node.op() instanceof Recur && ofRecurrences.containsKey(node)) {
        Map<Node, Node> results = ofRecurrences.get(node);
        within(
            node,
            () ->
                distribute(
                    node,
                    new BackThroughTime(this, node, results, reaching).shares(),
                    reaching,
                    received));
      } else if (upstream != null && !(node.op() instanceof Structured)) {
        within(node, () -> distribute(node, rules.gradient(node, upstream), reaching, received));
      }
    }
    return received;
  }

  private static void within(Node node, Runnable action) {
    node.builder()
        .differentiating(
            node,
            () -> {
              action.run();
              return node;
            });
  }

  private static void distribute(
      Node node, List<@Nullable Node> shares, Set<Node> reaching, Map<Node, Node> received) {
    if (shares.size() != node.inputs().size()) {
      throw new IllegalStateException("gradient rule of " + node.op() + ": one entry an input");
    }
    for (int i = 0; i < shares.size(); i++) {
      Node share = shares.get(i);
      Node input = node.input(i);
      if (share == null || !reaching.contains(input)) {
        continue;
      }
      if (!share.shape().equals(input.shape())) {
        throw new IllegalStateException(
            "gradient rule of "
                + node.op()
                + ": input "
                + i
                + " has shape "
                + input.shape()
                + ", receives "
                + share.shape());
      }
      received.merge(input, share, Node::plus);
      label(node.builder(), input, Known.in(received, input));
    }
  }

  /** A gradient is called d_x, after the value it belongs to. */
  private static void label(GraphBuilder builder, Node of, Node gradient) {
    if (gradient.label().isEmpty() && gradient.gradientOf().isPresent()) {
      of.label().ifPresent(name -> builder.label(gradient, "d_" + name));
    }
  }

  /** The nodes from which a target can be reached, going to inputs. */
  private static Set<Node> reaching(List<Node> nodes, Set<Node> targets) {
    Set<Node> reaching = new HashSet<>(targets);
    for (Node node : new ArrayList<>(nodes)) {
      if (node.inputs().stream().anyMatch(reaching::contains)) {
        reaching.add(node);
      }
    }
    return reaching;
  }
}
