package nnc.compiler.ir.op;

import java.util.Collections;
import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The nearest whole number, halves to the even one. */
public record Round() implements Elementwise {
  private static final MathFunction FUNCTION = MathFunction.cheap("round", Math::rint);

  @Override
  public String name() {
    return "round";
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
