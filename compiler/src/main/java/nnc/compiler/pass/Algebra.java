package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.ScatterAdd;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.Divide;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Negate;
import nnc.compiler.ir.op.Not;
import nnc.compiler.ir.op.Number;
import nnc.compiler.ir.op.Or;
import nnc.compiler.ir.op.Select;
import nnc.compiler.ir.op.Subtract;
import org.jspecify.annotations.Nullable;

/** Identities of arithmetic. */
final class Algebra {
  static final List<Rule> RULES = List.of(Algebra::rewriteArithmetic, Algebra::rewriteTruths);

  private Algebra() {}

  private static Optional<Node> rewriteArithmetic(Node node) {
    return Optional.ofNullable(
        switch (node.op()) {
          case Add ignored -> sum(node.input(0), node.input(1));
          case Subtract ignored -> difference(node.input(0), node.input(1));
          case Multiply ignored -> product(node.input(0), node.input(1));
          case Divide ignored -> quotient(node.input(0), node.input(1));
          case Negate ignored -> negated(node.input(0));
          default -> null;
        });
  }

  private static @Nullable Node sum(Node a, Node b) {
    if (a.isConstant(0)) {
      return b;
    }
    if (b.isConstant(0)) {
      return a;
    }
    if (b.op() instanceof Negate) { // a + -b
      return a.minus(b.input(0));
    }
    if (a.op() instanceof Negate) {
      return b.minus(a.input(0));
    }
    Node together = Monomial.sum(a, b, 1); // x y + 2 y x
    return together != null ? together : scattered(a, b);
  }

  /** Values added to zeros, and others to zeros: all of them added to the same ones. */
  private static @Nullable Node scattered(Node a, Node b) {
    if (!(a.op() instanceof ScatterAdd && b.op() instanceof ScatterAdd)) {
      return null;
    }
    List<Node> inputs = new ArrayList<>(a.inputs());
    inputs.addAll(b.inputs());
    return a.builder().add(a.op(), inputs);
  }

  private static @Nullable Node difference(Node a, Node b) {
    if (b.isConstant(0)) {
      return a;
    }
    if (a.isConstant(0)) {
      return b.negated();
    }
    return b.op() instanceof Negate ? a.plus(b.input(0)) : Monomial.sum(a, b, -1);
  }

  private static @Nullable Node product(Node a, Node b) {
    if (a.isConstant(1)) {
      return b;
    }
    if (b.isConstant(1)) {
      return a;
    }
    if (a.isConstant(0)) {
      return a;
    }
    if (b.isConstant(0)) {
      return b;
    }
    if (a.isConstant(-1)) {
      return b.negated();
    }
    if (b.isConstant(-1)) {
      return a.negated();
    }
    if (a.op() instanceof Negate && b.op() instanceof Negate) {
      return a.input(0).times(b.input(0));
    }
    if (a.op() instanceof Negate) {
      return a.input(0).times(b).negated();
    }
    if (b.op() instanceof Negate) {
      return a.times(b.input(0)).negated();
    }
    if (b.constantValue().isPresent()
        && a.constantValue().isEmpty()) { // constants stand first, so that equal products meet
      return b.times(a);
    }
    if (a.constantValue().isPresent()
        && b.op() instanceof Multiply
        && b.input(0).constantValue().isPresent()) { // c (d x)
      return a.times(b.input(0)).times(b.input(1));
    }
    return null;
  }

  private static @Nullable Node quotient(Node a, Node b) {
    if (b.isConstant(1) || a.isConstant(0)) {
      return a;
    }
    if (a.op() instanceof Negate) {
      return a.input(0).over(b).negated();
    }
    if (b.constantValue()
        .filter(value ->
            Math.abs(value) > 1e-30 && Math.getExponent(value) < 100 && isPowerOfTwo(value))
        .isPresent()) {
      return a.constant(1 / b.constantValue().get()).times(a); // exact, and a product is quicker
    }
    return null;
  }

  private static boolean isPowerOfTwo(double value) {
    return (Double.doubleToRawLongBits(value) & 0xFFFFFFFFFFFFFL) == 0;
  }

  private static @Nullable Node negated(Node a) {
    if (a.op() instanceof Negate) {
      return a.input(0);
    }
    return a.op() instanceof Subtract ? a.input(1).minus(a.input(0)) : null;
  }

  private static Optional<Node> rewriteTruths(Node node) {
    return Optional.ofNullable(
        switch (node.op()) {
          case Select ignored -> select(node);
          case Not ignored -> node.input(0).op() instanceof Not ? node.input(0).input(0) : null;
          case Number ignored ->
              node.input(0).type().element() != ElementType.BOOL ? node.input(0) : null;
          case And ignored -> both(node.input(0), node.input(1), true);
          case Or ignored -> both(node.input(0), node.input(1), false);
          default -> null;
        });
  }

  private static @Nullable Node select(Node node) {
    Node condition = node.input(0);
    if (condition.constantValue().isPresent()) {
      return condition.isConstant(0) ? node.input(2) : node.input(1);
    }
    if (node.input(1) == node.input(2)) {
      return node.input(1);
    }
    if (condition.op() instanceof Not) {
      return condition.input(0).choose(node.input(2), node.input(1));
    }
    return null;
  }

  /** and(true, x) is x, and(false, x) is false; or turned around. */
  private static @Nullable Node both(Node a, Node b, boolean neutral) {
    if (a.constantValue().isPresent()) {
      return a.isConstant(0) == neutral ? a : b;
    }
    if (b.constantValue().isPresent()) {
      return b.isConstant(0) == neutral ? b : a;
    }
    return a == b ? a : null;
  }
}
