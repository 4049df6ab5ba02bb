package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The magnitude; its slope at 0 is 0. */
public record Abs() implements Elementwise {
  @Override
  public String name() {
    return "abs";
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.abs(inputs.get(0));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node x = self.input(0);
    return List.of(upstream.times(x.apply(new Sign())));
  }
}
