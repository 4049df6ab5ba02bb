package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** e to the x, less 1, accurate near 0. */
public record Expm1() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.unary("expm1", Math::expm1);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.times(self.plus(1)));
  }
}
