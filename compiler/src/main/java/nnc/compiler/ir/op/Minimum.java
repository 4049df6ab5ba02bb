package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The smaller of two numbers; the first at ties. */
public record Minimum() implements Elementwise {
  @Override
  public String name() {
    return "min";
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.min(inputs.get(0), inputs.get(1));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node secondWins = self.input(0).greaterThan(self);
    Node none = upstream.zeros();
    return List.of(secondWins.choose(none, upstream), secondWins.choose(upstream, none));
  }
}
