package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The product of two numbers. */
public record Multiply() implements Elementwise {
  @Override
  public String name() {
    return "multiply";
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.multiply(inputs.get(0), inputs.get(1));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.times(self.input(1)), upstream.times(self.input(0)));
  }
}
