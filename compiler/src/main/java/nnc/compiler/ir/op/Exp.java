package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** e to the x. */
public record Exp() implements Elementwise {
  private static final MathFunction FUNCTION = MathFunction.unary("exp", Math::exp);

  @Override
  public String name() {
    return "exp";
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.call(FUNCTION, inputs);
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.times(self));
  }
}
