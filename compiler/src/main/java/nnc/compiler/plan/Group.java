package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
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

  final Kind kind;
  final boolean inference;
  final List<Node> nodes = new ArrayList<>();

  /** The places that are gone through. */
  Shape domain;

  /** How many of the domain's axes are rows; -1 while nothing decides it. */
  int split;

  @Nullable Node product;

  /** What is put together from values of this group, which are written there side by side. */
  final List<Node> concats = new ArrayList<>();

  Group(Kind kind, Node first, Shape domain, int split, boolean inference) {
    this.kind = kind;
    this.domain = domain;
    this.split = split;
    this.inference = inference;
    if (first.op() instanceof Product) {
      product = first;
    } else {
      nodes.add(first);
    }
  }

  Optional<Node> product() {
    return Optional.ofNullable(product);
  }

  boolean computes(Node node) {
    return node == product || nodes.contains(node);
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
    nodes.addAll(other.nodes);
    concats.addAll(other.concats);
    if (product == null) {
      product = other.product;
    }
    nodes.sort(java.util.Comparator.comparingInt(Node::id));
  }
}
