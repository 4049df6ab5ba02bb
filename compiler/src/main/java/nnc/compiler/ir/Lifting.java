package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Lifts a graph that is written for one of several equal parts, as for one head, so that it computes all parts at once: what
 * depends on the part gets the parts as first axis. A recurrence is lifted with its body.
 */
public final class Lifting {
  private final GraphBuilder builder;
  private final Size parts;
  private final Function<Node, RuntimeException> refusal;
  private final Map<Node, Node> lifted = new HashMap<>();
  private final Map<Node, Node> others = new HashMap<>();

  /** Those that are lifted: all that can be read of them are their results, which are known. */
  private final Set<Node> recurrences = new HashSet<>();

  /**
   * @param builder takes what is made
   * @param refusal what is thrown where a node cannot be lifted
   */
  public Lifting(GraphBuilder builder, Size parts, Function<Node, RuntimeException> refusal) {
    this.builder = builder;
    this.parts = parts;
    this.refusal = refusal;
  }

  /** @param all the parts' values of a node, the parts in front */
  public void put(Node node, Node all) {
    lifted.put(node, all);
  }

  /** The parts' values of a node, the parts in front: equal ones, if it does not depend on the part. */
  public Node all(Node node) {
    Node known = lifted.get(node);
    if (known != null) {
      return known;
    }
    Node one = one(node);
    return one.spread(one.shape().under(parts), List.of(0));
  }

  /** A node that does not depend on the part. */
  private Node one(Node node) {
    return others.getOrDefault(node, node);
  }

  /** Lifts what depends on nodes that have been put. @param nodes inputs before users */
  public void lift(List<Node> nodes) {
    for (Node node : nodes) {
      if (lifted.containsKey(node) || others.containsKey(node) || recurrences.contains(node)) {
        continue;
      }
      if (node.inputs().stream().noneMatch(lifted::containsKey)) {
        if (node.builder() != builder) {
          others.put(
              node,
              builder.copy(
                  node,
                  node.inputs().stream().map(this::one).toList(),
                  node.gradientOf().orElse(null)));
        }
      } else if (node.op() instanceof Recur recur) {
        recurrence(node, recur, Recurrence.results(nodes, node));
        recurrences.add(node);
      } else {
        lifted.put(node, lift(node));
      }
    }
  }

  private Node lift(Node node) {
    List<Boolean> stacked = node.inputs().stream().map(lifted::containsKey).toList();
    List<Node> inputs =
        node.inputs().stream()
            .map(input -> lifted.containsKey(input) ? lifted.get(input) : one(input))
            .toList();
    Optional<Node> image =
        builder.insteadOf(node, () -> Lift.lift(builder, node, inputs, stacked, parts));
    Node all = image.orElseThrow(() -> refusal.apply(node));
    node.label().ifPresent(label -> builder.label(all, label));
    return all;
  }

  private void recurrence(Node node, Recur recur, List<Node> results) {
    Set<Node> dependent = dependent(node, recur);
    Lifting inside = new Lifting(new GraphBuilder(), parts, refusal);
    Recurrence all = new Recurrence(builder, recur.length(), recur.reverse(), recur.truncate());
    List<Node> starts = new ArrayList<>();
    for (Node each : recur.body().nodes()) {
      if (each.op() instanceof Slot slot) {
        boolean parted = dependent.contains(each);
        Node given = node.input(recur.input(slot));
        Node input = parted ? all(given) : one(given);
        Node image = inside.slot(each, slot, parted);
        switch (slot.role()) {
          case STEP -> all.sequence(image, parted ? swapped(input) : input);
          case WHOLE -> all.whole(image, input);
          case PREVIOUS -> starts.add(each);
        }
      }
    }
    inside.lift(recur.body().nodes());
    for (Node start : starts) {
      int state = ((Slot) start.op()).number();
      Node next = recur.body().node(recur.next().get(state));
      boolean parted = dependent.contains(start);
      all.state(
          parted ? inside.all(start) : inside.one(start),
          parted ? all(node.input(state)) : one(node.input(state)),
          parted ? inside.all(next) : inside.one(next));
    }
    Map<Node, Node> values = new HashMap<>();
    results.forEach(result ->
        values.put(result, inside.all(recur.body().node(((Result) result.op()).value()))));
    Map<Node, Node> closed =
        builder.insteadOf(
            node, () -> all.close(results.stream().map(values::get).distinct().toList()));
    results.forEach(result -> {
      Node image = swapped(Known.in(closed, Known.in(values, result)));
      result.label().ifPresent(label -> builder.label(image, label));
      lifted.put(result, image);
    });
  }

  private Node slot(Node node, Slot slot, boolean parted) {
    Type type = parted ? node.type().with(node.shape().under(parts)) : node.type();
    Node image = builder.add(new Slot(slot.role(), slot.number(), type));
    node.label().ifPresent(label -> builder.label(image, label));
    (parted ? lifted : others).put(node, image);
    return image;
  }

  /** The nodes of a body that depend on the part, some of them because a state does after a step. */
  private Set<Node> dependent(Node node, Recur recur) {
    Set<Integer> states = new HashSet<>();
    while (true) {
      Set<Node> dependent = new HashSet<>();
      for (Node each : recur.body().nodes()) {
        boolean depends =
            each.op() instanceof Slot slot
                ? lifted.containsKey(node.input(recur.input(slot)))
                    || slot.role() == Slot.Role.PREVIOUS && states.contains(slot.number())
                : each.inputs().stream().anyMatch(dependent::contains);
        if (depends) {
          dependent.add(each);
        }
      }
      boolean more =
          states.addAll(
              IntStream.range(0, recur.states())
                  .filter(state -> dependent.contains(recur.body().node(recur.next().get(state))))
                  .boxed()
                  .toList());
      if (!more) {
        return dependent;
      }
    }
  }

  /** Parts and steps change places as the first axes. */
  private static Node swapped(Node node) {
    List<Integer> order = new ArrayList<>(List.of(1, 0));
    IntStream.range(2, node.shape().rank()).forEach(order::add);
    return node.permute(order);
  }
}
