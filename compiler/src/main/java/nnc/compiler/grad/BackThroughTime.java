package nnc.compiler.grad;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.op.Floor;
import org.jspecify.annotations.Nullable;

/**
 * Back-propagation through time (Werbos 1990): the gradient of a recurrence is a recurrence in the other direction. Its states
 * are the gradients by the forward states, which each step hands to the step before it; it reads what the forward body
 * computed at the same step.
 */
final class BackThroughTime {
  private final Node forward;
  private final Recur recur;
  private final GraphBuilder outer;
  private final Gradients gradients;
  private final int truncate;
  private final Map<Node, Node> upstream;
  private final Set<Node> wanted;

  /** The body, and its gradient, in a builder of their own; what stands in it before the sweep is the forward body. */
  private final GraphBuilder body = new GraphBuilder();

  private final Map<Node, Node> images = new HashMap<>();
  private final Map<Node, Node> seedOf = new LinkedHashMap<>();

  /** What a state receives after the last step, where that is all that comes from outside. */
  private final Map<Integer, Node> atEnd = new HashMap<>();

  private final Set<Node> forwardNodes = new HashSet<>();
  private final Set<Node> varying = new HashSet<>();

  /** Known when the sweep is over. */
  private @Nullable Residuals residuals;

  /**
   * @param upstream what each result of the recurrence receives
   * @param wanted inputs of the recurrence whose gradient is asked for
   */
  BackThroughTime(Gradients gradients, Node forward, Map<Node, Node> upstream, Set<Node> wanted) {
    this.gradients = gradients;
    this.forward = forward;
    this.recur = (Recur) forward.op();
    this.truncate = gradients.truncates() ? recur.truncate() : 0;
    this.outer = forward.builder();
    this.upstream = upstream;
    this.wanted = wanted;
    for (Node node : recur.body().nodes()) {
      Node image = body.copy(node, node.inputs().stream().map(images::get).toList(), null);
      images.put(node, image);
      forwardNodes.add(image);
      if (image.op() instanceof Slot slot && slot.role() != Slot.Role.WHOLE
          || image.inputs().stream().anyMatch(varying::contains)) {
        varying.add(image);
      }
    }
  }

  /** What each input of the recurrence receives; null where nothing flows. */
  List<@Nullable Node> shares() {
    Map<Integer, Node> adjoints = new LinkedHashMap<>();
    for (int state = 0; state < recur.states(); state++) {
      Node next = next(state);
      if (next.type().element() == ElementType.F32) {
        adjoints.put(
            state, body.add(new Slot(Slot.Role.PREVIOUS, recur.states() + state, next.type())));
      }
    }
    Map<Node, Node> received = sweep(adjoints);
    while (adjoints
        .keySet()
        .removeIf(state -> gradient(received, Slot.Role.PREVIOUS, state).isEmpty())) {
      received.clear(); // a state that no gradient flows back from hands none on
      received.putAll(sweep(adjoints));
    }
    return assemble(adjoints, received);
  }

  private Node next(int state) {
    return Known.in(images, recur.body().node(recur.next().get(state)));
  }

  /** The reverse sweep over the body: from what the results receive, and from what the step after hands back. */
  private Map<Node, Node> sweep(Map<Integer, Node> adjoints) {
    seedOf.clear();
    atEnd.clear();
    Map<Node, Node> seeds = new LinkedHashMap<>();
    int number = recur.sequences();
    for (Map.Entry<Node, Node> entry : upstream.entrySet()) {
      Node value = Known.in(images, recur.body().node(((Result) entry.getKey().op()).value()));
      Optional<Node> last = lastAlone(entry.getValue());
      Optional<Integer> state =
          adjoints.keySet().stream()
              .filter(each -> next(each) == value && !atEnd.containsKey(each))
              .findFirst();
      if (last.isPresent() && state.isPresent() && truncate == 0) {
        atEnd.put(state.get(), last.get());
        continue;
      }
      Node seed = body.add(new Slot(Slot.Role.STEP, number++, value.type()));
      seedOf.put(seed, entry.getValue());
      seeds.merge(value, seed, Node::plus);
    }
    for (Map.Entry<Integer, Node> adjoint : adjoints.entrySet()) {
      Node seed = adjoint.getValue();
      if (truncate > 0) {
        Node open = body.add(new Slot(Slot.Role.STEP, number++, bool()));
        seedOf.put(open, windows());
        seed = open.broadcast(seed.shape(), List.of()).choose(seed, seed.zeros());
      }
      seeds.merge(next(adjoint.getKey()), seed, Node::plus);
    }
    Set<Node> targets = new HashSet<>();
    for (Node node : recur.body().nodes()) {
      if (node.op() instanceof Slot slot
          && node.type().element() == ElementType.F32
          && (slot.role() == Slot.Role.PREVIOUS || isWanted(slot))) {
        targets.add(images.get(node));
      }
    }
    List<Node> nodes = recur.body().nodes().stream().map(images::get).distinct().toList();
    return gradients.sweep(nodes, seeds, targets);
  }

  /** What arrives at the last step, if nothing does at any other: as where {@code h.last} is all that is read. */
  private Optional<Node> lastAlone(Node upstream) {
    Node padded = upstream.op() instanceof Permute ? upstream.input(0) : upstream;
    if (!(padded.op() instanceof Pad pad)
        || pad.value() != 0
        || (recur.reverse() ? pad.after() : pad.before()) != recur.length() - 1) {
      return Optional.empty();
    }
    int time = upstream.op() instanceof Permute permute ? permute.order().getFirst() : 0;
    Node part =
        upstream.op() instanceof Permute permute
            ? padded.input(0).permute(permute.order())
            : padded.input(0);
    return pad.axis() == time
        ? Optional.of(part.reshape(upstream.shape().without(List.of(0))))
        : Optional.empty();
  }

  private static Type bool() {
    return new Type(ElementType.BOOL, Shape.SCALAR);
  }

  /** Where the gradient of the step after comes in: not at the last step of a window. */
  private Node windows() {
    Node place = outer.add(new Iota(Size.of(recur.length())));
    Node counted =
        recur.reverse()
            ? place.constant(recur.length()).minus(place)
            : place.plus(place.constant(1));
    Node windows = counted.over(counted.constant(truncate));
    return windows.compared(Comparison.NOT_EQUAL, windows.apply(new Floor()));
  }

  private Optional<Node> gradient(Map<Node, Node> received, Slot.Role role, int number) {
    return recur.body().slot(role, number).map(images::get).map(received::get);
  }

  // ------------------------------------------------------------ the recurrence that computes it

  private List<@Nullable Node> assemble(Map<Integer, Node> adjoints, Map<Node, Node> received) {
    Recurrence backward = new Recurrence(outer, recur.length(), !recur.reverse(), 0);
    residuals = new Residuals(gradients(adjoints, received), this::varies, gradients.recomputes());
    gradients.recomputed(residuals.recomputed());
    Map<Node, Node> copies = new HashMap<>();
    GraphBuilder own = new GraphBuilder();
    for (int state : adjoints.keySet()) {
      Node slot = copy(Known.in(adjoints, state), own, copies, backward);
      Node next =
          copy(gradient(received, Slot.Role.PREVIOUS, state).orElseThrow(), own, copies, backward);
      Node start = atEnd.getOrDefault(state, forward.input(state).zeros());
      backward.state(slot, start, next);
    }
    Map<Integer, Node> values = new LinkedHashMap<>();
    for (Node node : recur.body().nodes()) {
      Node gradient = received.get(images.get(node));
      if (node.op() instanceof Slot slot && gradient != null && isWanted(slot)) {
        values.put(recur.input(slot), copy(gradient, own, copies, backward));
      }
    }
    Map<Node, Node> results =
        backward.close(
            values.values().stream().distinct().sorted(Comparator.comparingInt(Node::id)).toList());
    List<@Nullable Node> shares = new ArrayList<>();
    for (int input = 0; input < forward.inputs().size(); input++) {
      Node value = values.get(input);
      shares.add(value == null ? null : share(input, Known.in(results, value)));
    }
    return shares;
  }

  /** What the gradient's body is to compute. */
  private List<Node> gradients(Map<Integer, Node> adjoints, Map<Node, Node> received) {
    List<Node> wantedGradients = new ArrayList<>();
    for (Node node : recur.body().nodes()) {
      Node gradient = received.get(images.get(node));
      if (node.op() instanceof Slot slot && gradient != null && isAsked(slot, adjoints)) {
        wantedGradients.add(gradient);
      }
    }
    return wantedGradients;
  }

  private boolean isAsked(Slot slot, Map<Integer, Node> adjoints) {
    return slot.role() == Slot.Role.PREVIOUS && adjoints.containsKey(slot.number())
        || isWanted(slot);
  }

  private boolean isWanted(Slot slot) {
    return wanted.contains(forward.input(recur.input(slot)));
  }

  /** A first value receives what its state's first step hands back; a value seen by all steps the sum over them. */
  private Node share(int input, Node result) {
    if (input < recur.states()) {
      int first = recur.reverse() ? recur.length() - 1 : 0;
      Node slice = recur.length() == 1 ? result : outer.add(new Slice(0, first, 1), result);
      return slice.reshape(forward.input(input).shape());
    }
    return input < recur.states() + recur.sequences() ? result : result.sum(List.of(0));
  }

  /** Copies the gradient's own nodes; what the forward body computed comes in step by step. */
  private Node copy(Node node, GraphBuilder own, Map<Node, Node> copies, Recurrence backward) {
    for (Node each : needed(node)) {
      if (!copies.containsKey(each)) {
        copies.put(each, image(each, own, copies, backward));
      }
    }
    return Known.in(copies, node);
  }

  private List<Node> needed(Node root) {
    Set<Node> wantedNodes = new HashSet<>(Set.of(root));
    List<Node> kept = new ArrayList<>();
    for (Node node : Graph.needed(List.of(root)).reversed()) {
      if (wantedNodes.contains(node)) {
        kept.add(node);
        if (!isRead(node)) {
          wantedNodes.addAll(node.inputs());
        }
      }
    }
    return kept.reversed();
  }

  private boolean isRead(Node node) {
    return varies(node) && Objects.requireNonNull(residuals).isKept(node);
  }

  /** A value of the forward body that differs by step. */
  private boolean varies(Node node) {
    return forwardNodes.contains(node) && varying.contains(node);
  }

  private Node image(Node node, GraphBuilder own, Map<Node, Node> copies, Recurrence backward) {
    if (seedOf.containsKey(node)) {
      Node slot = own.add(node.op());
      backward.sequence(slot, seedOf.get(node));
      return slot;
    }
    if (node.op() instanceof Slot slot
        && slot.role() == Slot.Role.PREVIOUS
        && !forwardNodes.contains(node)) {
      return own.add(node.op());
    }
    if (node.op() instanceof Slot slot && slot.role() == Slot.Role.WHOLE) {
      Node image = labelled(own.add(node.op()), node);
      backward.whole(image, forward.input(recur.input(slot)));
      return image;
    }
    if (isRead(node)) {
      Node image =
          labelled(own.add(new Slot(Slot.Role.STEP, FORWARD + node.id(), node.type())), node);
      backward.sequence(image, kept(node));
      return image;
    }
    List<Node> inputs = node.inputs().stream().map(copies::get).toList();
    Node copy = own.copy(node, inputs, node.gradientOf().map(this::original).orElse(forward));
    if (copy.label().isEmpty()) {
      node.gradientOf().flatMap(Node::label).ifPresent(of -> own.label(copy, "delta_" + of));
    }
    return copy;
  }

  /** Slots for values of the forward body, apart from those for gradients. */
  private static final int FORWARD = 1_000_000;

  private static Node labelled(Node image, Node original) {
    original.label().ifPresent(label -> image.builder().label(image, label));
    image.comesFrom(original);
    return image;
  }

  /** A value of the forward body at all steps. */
  private Node kept(Node image) {
    return Recurrence.atAllSteps(forward, original(image));
  }

  /** The node of the forward body that this is an image of. */
  private Node original(Node image) {
    return recur.body().nodes().stream()
        .filter(node -> images.get(node) == image)
        .findFirst()
        .orElseThrow();
  }
}
