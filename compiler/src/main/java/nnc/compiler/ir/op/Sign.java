package nnc.compiler.ir.op;

import java.util.Collections;
import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** -1, 0 or 1. */
public record Sign() implements Elementwise {
  private static final MathFunction FUNCTION = MathFunction.cheap("sign", Math::signum);

  @Override
  public String name() {
    return "sign";
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.call(FUNCTION, inputs);
  }

  /** Flat wherever it is smooth: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Collections.singletonList(null);
  }
}
