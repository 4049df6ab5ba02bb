package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The hyperbolic tangent. */
public record Tanh() implements Elementwise {
  private static final MathFunction FUNCTION = MathFunction.unary("tanh", Math::tanh);

  @Override
  public String name() {
    return "tanh";
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
    return List.of(upstream.times(self.constant(1).minus(self.squared()))); // tanh' = 1 - tanh^2
  }
}
