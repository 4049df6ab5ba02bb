package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The cosine of an angle in radians. */
public record Cos() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.unary("cos", Math::cos);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.times(self.input(0).apply(new Sin())).negated());
  }
}
