package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The logarithm of 1 + x, accurate near 0. */
public record Log1p() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.unary("log1p", Math::log1p);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.over(self.input(0).plus(1)));
  }
}
