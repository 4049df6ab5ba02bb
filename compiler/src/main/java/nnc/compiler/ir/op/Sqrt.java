package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The square root. */
public record Sqrt() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.instruction("sqrt", Math::sqrt);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.over(self.times(2)));
  }
}
