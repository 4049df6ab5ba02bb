package nnc.compiler.pass;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.op.Multiply;
import org.jspecify.annotations.Nullable;

/**
 * A product as a coefficient and the powers of its factors: 2 (x y) x is 2 x^2 y, whatever the order it is computed in.
 *
 * @param powers how often each factor occurs
 */
record Monomial(double coefficient, Map<Node, Integer> powers) {
  /** Products of more factors are compared by none: a rule takes constant time. */
  private static final int MOST_FACTORS = 12;

  /** a + s b as one product where both are of the same factors, s being 1 or -1. */
  static @Nullable Node sum(Node a, Node b, int sign) {
    if (!(a.op() instanceof Multiply || b.op() instanceof Multiply)) {
      return null;
    }
    Optional<Monomial> first = of(a);
    Optional<Monomial> second = of(b);
    if (first.isEmpty() || !first.map(Monomial::powers).equals(second.map(Monomial::powers))) {
      return null;
    }
    double own = first.get().coefficient;
    double sum = own + sign * second.orElseThrow().coefficient;
    if (sum == 0 || own == 0 || !Double.isFinite(sum)) {
      return null;
    }
    boolean written = own != 1 && a.op() instanceof Multiply && a.input(0).isConstant(own);
    return written ? a.constant(sum).times(a.input(1)) : a.constant(sum / own).times(a);
  }

  private static Optional<Monomial> of(Node node) {
    Map<Node, Integer> powers = new HashMap<>();
    Deque<Node> open = new ArrayDeque<>(List.of(node));
    double coefficient = 1;
    for (int factors = 0; !open.isEmpty(); factors++) {
      Node next = open.pop();
      if (factors > 2 * MOST_FACTORS) {
        return Optional.empty();
      } else if (next.constantValue().isPresent()) {
        coefficient *= next.constantValue().get();
      } else if (next.op() instanceof Multiply) {
        next.inputs().forEach(open::push);
      } else {
        powers.merge(next, 1, Integer::sum);
      }
    }
    return Optional.of(new Monomial(coefficient, powers));
  }
}
