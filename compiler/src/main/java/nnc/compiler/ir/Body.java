package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a structured node does at each step: a graph whose leaves are {@link Slot}s. Two bodies of the same ops are equal,
 * so that equal recurrences are one node.
 */
public final class Body {
  private final List<Node> nodes;
  private final Map<Node, Integer> numbers = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /** A node without its builder: what makes two bodies equal. */
  private record Entry(Op op, List<Integer> inputs) {}

  /** @param nodes of one builder, inputs before users */
  public Body(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
    IntStream.range(0, nodes.size()).forEach(number -> numbers.put(nodes.get(number), number));
    nodes.forEach(node ->
        entries.add(new Entry(node.op(), node.inputs().stream().map(this::number).toList())));
  }

  public List<Node> nodes() {
    return nodes;
  }

  public Node node(int number) {
    return nodes.get(number);
  }

  public int number(Node node) {
    Integer number = numbers.get(node);
    if (number == null) {
      throw new IllegalArgumentException("body: " + node + " is not part of it");
    }
    return number;
  }

  /** A slot, if the body reads it. */
  public Optional<Node> slot(Slot.Role role, int number) {
    return nodes.stream()
        .filter(node ->
            node.op() instanceof Slot slot && slot.role() == role && slot.number() == number)
        .findFirst();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Body body && entries.equals(body.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
