package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recurrence while it is put together, from nodes that depend on slots: {@link #close} makes a {@link Recur} of what is
 * needed. The nodes may stand in the builder of the recurrence itself (then those that depend on no slot stay outside), or in
 * one of their own.
 */
public final class Recurrence {
  private final GraphBuilder outer;
  private final int length;
  private final boolean reverse;
  private final int truncate;
  private final List<State> states = new ArrayList<>();
  private final Map<Node, Node> sequences = new LinkedHashMap<>();
  private final Map<Node, Node> wholes = new LinkedHashMap<>();

  private record State(Node slot, Node start, Node next) {}

  public Recurrence(GraphBuilder outer, int length, boolean reverse, int truncate) {
    this.outer = outer;
    this.length = length;
    this.reverse = reverse;
    this.truncate = truncate;
  }

  /** The results of a recurrence that a graph takes. */
  public static List<Node> results(List<Node> graph, Node recurrence) {
    return graph.stream()
        .filter(node -> node.op() instanceof Result && node.input(0) == recurrence)
        .toList();
  }

  /** A value of a recurrence's body at all steps: as it comes in from outside, or as a result. */
  public static Node atAllSteps(Node recurrence, Node value) {
    Recur recur = (Recur) recurrence.op();
    if (value.op() instanceof Slot slot && slot.role() != Slot.Role.PREVIOUS) {
      Node input = recurrence.input(recur.input(slot));
      return slot.role() == Slot.Role.STEP
          ? input
          : input.spread(recur.stacked(value.type()).shape(), List.of(0));
    }
    GraphBuilder builder = recurrence.builder();
    Node result =
        builder.add(
            new Result(recur.body().number(value), recur.stacked(value.type())), recurrence);
    value.label().ifPresent(label -> builder.label(result, label));
    return result;
  }

  /** @param next what the state is after a step */
  public void state(Node slot, Node start, Node next) {
    states.add(new State(slot, start, next));
  }

  /** @param sequence has the axis of time in front */
  public void sequence(Node slot, Node sequence) {
    sequences.put(slot, sequence);
  }

  public void whole(Node slot, Node value) {
    wholes.put(slot, value);
  }

  /**
   * Every step draws random numbers of its own.
   *
   * @param first the number of the first node that stands for a step
   */
  public void draws(int first) {
    for (Node node : outer.nodes()) {
      if (node.id() >= first && node.op() instanceof Uniform draw) {
        sequence(node, outer.add(new Uniform(draw.path(), draw.shape().under(Size.of(length)))));
      }
    }
  }

  /** Takes over the inputs of a recurrence whose body, or an image of it, is put together anew. */
  public void inputs(Recur recur, List<Node> inputs, Map<Node, Node> images) {
    for (Node node : recur.body().nodes()) {
      Node image = images.get(node);
      // a pass may have found a slot to be a number
      if (node.op() instanceof Slot slot && image != null && image.op() instanceof Slot) {
        Node input = inputs.get(recur.input(slot));
        switch (slot.role()) {
          case STEP -> sequence(image, input);
          case WHOLE -> whole(image, input);
          case PREVIOUS ->
              state(
                  image,
                  input,
                  Known.in(images, recur.body().node(recur.next().get(slot.number()))));
        }
      }
    }
  }

  /**
   * Makes the recurrence.
   *
   * @param values what is wanted of the body
   * @return each of the values at all steps, as nodes outside
   */
  public Map<Node, Node> close(List<Node> values) {
    Set<Node> dependent = new HashSet<>();
    List<State> used = new ArrayList<>();
    List<Node> needed = needed(values, used, dependent);
    Map<Node, Node> images = new HashMap<>();
    List<Node> inputs = new ArrayList<>();
    GraphBuilder body = new GraphBuilder();
    for (State state : used) {
      images.put(state.slot, slot(body, state.slot, Slot.Role.PREVIOUS, inputs.size()));
      inputs.add(state.start);
    }
    List<Node> parts = new ArrayList<>();
    List<Node> whole = new ArrayList<>();
    for (Node node : needed) {
      if (images.containsKey(node)) {
        continue;
      }
      if (sequences.containsKey(node)) {
        images.put(node, slot(body, node, Slot.Role.STEP, parts.size()));
        parts.add(sequences.get(node));
      } else if (wholes.containsKey(node) || staysOutside(node, dependent)) {
        images.put(node, whole(body, node, wholes.getOrDefault(node, node), whole));
      } else {
        images.put(node, copy(node, node.inputs().stream().map(images::get).toList(), body));
      }
    }
    inputs.addAll(parts);
    inputs.addAll(whole);
    List<Node> roots = new ArrayList<>(values.stream().map(images::get).toList());
    used.forEach(state -> roots.add(images.get(state.next)));
    used.forEach(state -> roots.add(images.get(state.slot)));
    Body closed = new Body(Graph.needed(roots));
    List<Integer> next =
        used.stream().map(state -> closed.number(Known.in(images, state.next))).toList();
    Recur recur = new Recur(length, reverse, closed, next, parts.size(), truncate);
    Map<Node, Node> results = new LinkedHashMap<>();
    @Nullable Node made = null;
    for (Node value : values) {
      Node image = Known.in(images, value);
      Optional<Node> known = known(image, recur, inputs);
      if (known.isEmpty() && made == null) {
        made = outer.add(recur, inputs);
      }
      results.put(value, known.isPresent() ? known.get() : result(recur, made, image));
    }
    return results;
  }

  /** A product of a state put together with what is none is two products. */
  private static Node copy(Node node, List<Node> inputs, GraphBuilder body) {
    if (node.op() instanceof Product product) {
      Optional<Node> parted =
          body.insteadOf(
              node,
              () -> PartedProduct.of(product, inputs, each -> each.dependsOn(Slot.Role.PREVIOUS)));
      if (parted.isPresent()) {
        node.label().ifPresent(label -> body.label(parted.get(), label));
        return parted.get();
      }
    }
    return body.copy(node, inputs, node.gradientOf().orElse(null));
  }

  private Node result(Recur recur, @Nullable Node made, Node image) {
    Node result =
        outer.add(
            new Result(recur.body().number(image), recur.stacked(image.type())),
            List.of(Objects.requireNonNull(made)));
    image.label().ifPresent(label -> outer.label(result, label));
    result.comesFrom(image);
    return result;
  }

  /** What all steps of a value are, where no step computes it. */
  private Optional<Node> known(Node image, Recur recur, List<Node> inputs) {
    Shape stacked = recur.stacked(image.type()).shape();
    if (image.op() instanceof Slot slot && slot.role() != Slot.Role.PREVIOUS) {
      Node input = inputs.get(recur.input(slot));
      return Optional.of(slot.role() == Slot.Role.STEP ? input : input.spread(stacked, List.of(0)));
    }
    return image
        .constantValue()
        .map(value ->
            outer.add(new Constant(value, image.type().element())).broadcast(stacked, List.of()));
  }

  private static Node slot(GraphBuilder body, Node original, Slot.Role role, int number) {
    Node slot = body.add(new Slot(role, number, original.type()));
    original.label().ifPresent(label -> body.label(slot, label));
    slot.comesFrom(original);
    return slot;
  }

  /** The slot for a value from outside; what is repeated there is repeated inside, since a slot has to lie in memory. */
  private static Node whole(GraphBuilder body, Node original, Node value, List<Node> whole) {
    if (value.op() instanceof Broadcast broadcast && value.constantValue().isEmpty()) {
      Node repeated = body.add(broadcast, whole(body, value.input(0), value.input(0), whole));
      original.label().ifPresent(label -> body.label(repeated, label));
      original.spans().forEach(repeated::addSpan);
      return repeated;
    }
    Node slot = slot(body, original, Slot.Role.WHOLE, whole.size());
    whole.add(value);
    return slot;
  }

  /** What values of the body need, with all states among it; inputs before users. */
  private List<Node> needed(List<Node> values, List<State> used, Set<Node> dependent) {
    List<Node> roots = new ArrayList<>(values);
    while (true) {
      List<Node> needed = cut(roots, dependent);
      List<State> more =
          states.stream()
              .filter(state -> needed.contains(state.slot) && !used.contains(state))
              .toList();
      if (more.isEmpty()) {
        return needed;
      }
      used.addAll(more);
      more.forEach(state -> roots.add(state.next));
    }
  }

  private List<Node> cut(List<Node> roots, Set<Node> dependent) {
    List<Node> all = Graph.needed(roots);
    Set<Node> slots = new HashSet<>(sequences.keySet());
    slots.addAll(wholes.keySet());
    states.forEach(state -> slots.add(state.slot));
    for (Node node : all) {
      if (slots.contains(node) || node.inputs().stream().anyMatch(dependent::contains)) {
        dependent.add(node);
      }
    }
    Set<Node> wanted = new HashSet<>(roots);
    List<Node> kept = new ArrayList<>();
    for (Node node : all.reversed()) {
      if (wanted.contains(node)) {
        kept.add(node);
        if (!staysOutside(node, dependent)) {
          wanted.addAll(node.inputs());
        }
      }
    }
    return kept.reversed();
  }

  /** What depends on no slot is computed outside, unless it is a number. */
  private boolean staysOutside(Node node, Set<Node> dependent) {
    return node.builder() == outer
        && !dependent.contains(node)
        && node.constantValue().isEmpty()
        && !(node.op() instanceof Extent)
        && !(node.op() instanceof Iota);
  }
}
