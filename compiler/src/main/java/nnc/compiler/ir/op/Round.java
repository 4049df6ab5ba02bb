package nnc.compiler.ir.op;

import java.util.Collections;
import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The nearest whole number, halves to the even one. */
public record Round() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.unary("round", Math::rint);

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
