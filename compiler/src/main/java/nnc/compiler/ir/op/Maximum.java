package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The larger of two numbers; the first at ties. */
public record Maximum() implements Elementwise {
  @Override
  public String name() {
    return "max";
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.max(inputs.get(0), inputs.get(1));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    // The first wins at ties: the second gets the gradient only where it is larger, and the larger
    // is the result.
    Node secondWins = self.greaterThan(self.input(0));
    Node none = upstream.zeros();
    return List.of(secondWins.choose(none, upstream), secondWins.choose(upstream, none));
  }
}
