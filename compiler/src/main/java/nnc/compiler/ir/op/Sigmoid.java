package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The logistic function 1 / (1 + exp(-x)). */
public record Sigmoid() implements MathOp {
  private static final MathFunction FUNCTION =
      MathFunction.unary("sigmoid", x -> 1 / (1 + Math.exp(-x)));

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.times(self.times(self.constant(1).minus(self)))); // s' = s (1 - s)
  }
}
