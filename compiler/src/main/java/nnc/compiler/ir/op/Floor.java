package nnc.compiler.ir.op;

import java.util.Collections;
import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The largest whole number that is not larger. */
public record Floor() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.unary("floor", Math::floor);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  /** Flat wherever it is smooth: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Collections.singletonList(null);
  }
}
