package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The difference of two numbers. */
public record Subtract() implements Elementwise {
  @Override
  public String name() {
    return "subtract";
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.subtract(inputs.get(0), inputs.get(1));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream, upstream.negated());
  }
}
