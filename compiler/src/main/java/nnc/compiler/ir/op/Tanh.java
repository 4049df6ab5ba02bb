package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The hyperbolic tangent. */
public record Tanh() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.unary("tanh", Math::tanh);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.times(self.constant(1).minus(self.squared()))); // tanh' = 1 - tanh^2
  }
}
