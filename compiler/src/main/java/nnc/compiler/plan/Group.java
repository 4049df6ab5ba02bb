package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Shape;
import org.jspecify.annotations.Nullable;

/** Nodes that become one kernel, while fusion is looking for them. */
final class Group {
  /** What kind of kernel it will be; only loops grow. */
  enum Kind {
    LOOP,
    TOTAL,
    COLUMNS,
    COPY,
    OVERLAP_ADD,
    ROWS,
    FILL,
    RECUR
  }

  private static final Comparator<Node> ORDER = Comparator.comparingInt(Node::id);

  final Kind kind;
  final boolean inference;

  /** In the order of their making: inputs before users. */
  final List<Node> nodes = new ArrayList<>();

  /** The values of other groups that its nodes read. */
  final Set<Node> reads = new LinkedHashSet<>();

  /** The places that are gone through. */
  Shape domain;

  /** How many of the domain's axes are rows; -1 while nothing decides it. */
  int split;

  @Nullable Node product;

  /** What is put together from values of this group, which are written there side by side. */
  final List<Node> concats = new ArrayList<>();

  private boolean reduces;

  Group(Kind kind, Node first, Shape domain, int split, boolean inference) {
    this.kind = kind;
    this.domain = domain;
    this.split = split;
    this.inference = inference;
    if (first.op() instanceof Product) {
      product = first;
    } else {
      nodes.add(first);
      reduces = kind == Kind.LOOP && first.op() instanceof Reduction;
    }
  }

  Optional<Node> product() {
    return Optional.ofNullable(product);
  }

  boolean computes(Node node) {
    return node == product || Collections.binarySearch(nodes, node, ORDER) >= 0;
  }

  int size() {
    return nodes.size() + (product == null ? 0 : 1);
  }

  /** Whether it is a loop in which rows become one value each. */
  boolean reduces() {
    return reduces;
  }

  /** The shape of a value of which there is one a row. */
  Shape rowShape() {
    return new Shape(domain.sizes().subList(0, Math.max(0, split)));
  }

  /** One value for every place. */
  boolean isFull(Node node) {
    return node.shape().equals(domain) && split != domain.rank();
  }

  List<Node> all() {
    List<Node> all = new ArrayList<>();
    if (product != null) {
      all.add(product);
    }
    all.addAll(nodes);
    all.addAll(concats);
    return all;
  }

  void absorb(Group other) {
    other.all().forEach(reads::remove);
    other.reads.stream().filter(node -> !computes(node)).forEach(reads::add);
    boolean inOrder =
        nodes.isEmpty()
            || other.nodes.isEmpty()
            || ORDER.compare(nodes.getLast(), other.nodes.getFirst()) < 0;
    nodes.addAll(other.nodes);
    concats.addAll(other.concats);
    if (!inOrder) {
      nodes.sort(ORDER);
    }
    reduces |= kind == Kind.LOOP && other.reduces;
    if (product == null) {
      product = other.product;
    }
  }
}
