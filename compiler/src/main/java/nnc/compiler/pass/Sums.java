package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.op.Add;

/** Sums of more than two terms, in whatever order they are added. */
final class Sums {
  /** No more terms are looked at: every sum asks, and what is one term of another would be gone through again. */
  private static final int MOST_TERMS = 32;

  private Sums() {}

  /** Joins two terms of a sum that are better as one. */
  static Optional<Node> joined(Node sum, BiFunction<Node, Node, Optional<Node>> join) {
    if (!(sum.op() instanceof Add)) {
      return Optional.empty();
    }
    for (int side = 0; side < 2; side++) {
      List<Node> others = chain(sum.input(1 - side));
      for (Node other : others) {
        Optional<Node> both = join.apply(sum.input(side), other);
        if (both.isPresent()) {
          return Optional.of(
              others.stream().filter(term -> term != other).reduce(both.get(), Node::plus));
        }
      }
    }
    return Optional.empty();
  }

  /** The last terms of a sum, as far as one is added after the other, and what they are added to. */
  private static List<Node> chain(Node sum) {
    List<Node> terms = new ArrayList<>();
    Node rest = sum;
    for (; rest.op() instanceof Add && terms.size() < MOST_TERMS; rest = rest.input(0)) {
      terms.add(rest.input(1));
    }
    terms.add(rest);
    return terms;
  }

  /** Adds the terms of one sort first, where there are two of them or more, and then the others. */
  static Optional<Node> sorted(Node sum, Predicate<Node> first) {
    if (!(sum.op() instanceof Add) || first.test(sum)) {
      return Optional.empty();
    }
    List<Node> terms = new ArrayList<>();
    collect(sum, first, terms);
    List<Node> before = terms.stream().filter(first).toList();
    if (before.size() < 2 || terms.size() > MOST_TERMS) {
      return Optional.empty();
    }
    BinaryOperator<Node> plus = Node::plus;
    Node rest = terms.stream().filter(first.negate()).reduce(plus).orElseThrow();
    return Optional.of(rest.plus(before.stream().reduce(plus).orElseThrow()));
  }

  private static void collect(Node node, Predicate<Node> whole, List<Node> terms) {
    if (!(node.op() instanceof Add) || whole.test(node) || terms.size() > MOST_TERMS) {
      terms.add(node);
    } else {
      node.inputs().forEach(input -> collect(input, whole, terms));
    }
  }
}
