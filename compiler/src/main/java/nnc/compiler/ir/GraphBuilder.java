package nnc.compiler.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/** Makes nodes; equal ops on equal inputs are one node, so common subexpressions fall together as they are built. */
public final class GraphBuilder {
  private record Key(Op op, List<Node> inputs) {}

  private final Map<Key, Node> interned = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final ArrayDeque<Span> spans = new ArrayDeque<>();
  private final ArrayDeque<List<String>> layers = new ArrayDeque<>();
  private @Nullable Node gradientOf;

  /** The value of an op on inputs of this builder. */
  public Node add(Op op, Node... inputs) {
    return add(op, Arrays.asList(inputs));
  }

  public Node add(Op op, List<Node> inputs) {
    for (Node input : inputs) {
      if (input.builder() != this) {
        throw new IllegalArgumentException("graph: " + input + " belongs to another builder");
      }
    }
    Key key = new Key(op, List.copyOf(inputs));
    Node node = op instanceof Uniform ? null : interned.get(key); // random nodes are never merged
    if (node == null) {
      node = new Node(this, nodes.size(), op, inputs, gradientOf);
      nodes.add(node);
      interned.put(key, node);
    }
    addPlaces(node);
    return node;
  }

  /** Of each text the innermost place: where in a layer, and where the layer is called. */
  private void addPlaces(Node node) {
    Set<Source> seen = new HashSet<>();
    for (Span place : spans) {
      if (seen.add(place.source())) {
        node.addSpan(place);
      }
    }
    if (!layers.isEmpty()) {
      layers.peek().forEach(node::addLayer);
    }
  }

  public Node constant(double value) {
    return add(new Constant(value, ElementType.F32));
  }

  /** A product; a plain scaling is written as one. */
  public Node product(Node a, Node b, Product how) {
    return add(how, a, b);
  }

  /** Names a value; the last name given wins, since it is the outermost the author wrote. */
  public Node label(Node node, String text) {
    node.setLabel(text);
    return node;
  }

  /** Every node made, or met again, while the action runs comes from this place. */
  public <T> T at(@Nullable Span place, Supplier<T> action) {
    if (place == null) {
      return action.get();
    }
    spans.push(place);
    try {
      return action.get();
    } finally {
      spans.pop();
    }
  }

  public void run(@Nullable Span place, Runnable action) {
    at(
        place,
        () -> {
          action.run();
          return null;
        });
  }

  /** Every node made, or met again, while the action runs is computed inside of a layer. */
  public <T> T inLayer(String path, Supplier<T> action) {
    layers.push(List.of(path));
    try {
      return action.get();
    } finally {
      layers.pop();
    }
  }

  /** Every node made while the action runs is part of the gradient of a forward node, and comes from its places. */
  public <T> T differentiating(Node forward, Supplier<T> action) {
    return as(forward, forward, action);
  }

  /** Every node made while the action runs stands for another one: it comes from the same places and the same rule. */
  public <T> T insteadOf(Node node, Supplier<T> action) {
    return as(node.gradientOf().orElse(null), node, action);
  }

  private <T> T as(@Nullable Node forward, Node origin, Supplier<T> action) {
    Node before = gradientOf;
    List<Span> places = origin.spans();
    gradientOf = forward;
    places.forEach(spans::push);
    layers.push(origin.layers());
    try {
      return action.get();
    } finally {
      layers.pop();
      places.forEach(ignored -> spans.pop());
      gradientOf = before;
    }
  }

  /** A node of another builder over inputs of this one, with all that is known of where it comes from. */
  public Node copy(Node original, List<Node> inputs, @Nullable Node copiedGradientOf) {
    Node before = gradientOf;
    gradientOf = copiedGradientOf;
    try {
      Node copy = add(original.op(), inputs);
      copy.comesFrom(original);
      original.label().ifPresent(copy::setLabel);
      return copy;
    } finally {
      gradientOf = before;
    }
  }

  /** The same over the images of its inputs; a gradient of the image of what it is the gradient of, if that has one. */
  public Node copy(Node original, Map<Node, Node> images) {
    return copy(
        original,
        original.inputs().stream().map(images::get).toList(),
        original.gradientOf().map(of -> images.getOrDefault(of, of)).orElse(null));
  }

  /** All nodes so far, inputs before users. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }
}
