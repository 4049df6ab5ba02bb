package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The quotient of two numbers. */
public record Divide() implements Elementwise {
  @Override
  public String name() {
    return "divide";
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.divide(inputs.get(0), inputs.get(1));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node b = self.input(1);
    return List.of(
        upstream.over(b), upstream.times(self).over(b).negated()); // d(a / b) / db = -(a / b) / b
  }
}
