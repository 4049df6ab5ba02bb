package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The logarithm of 1 + x, accurate near 0. */
public record Log1p() implements Elementwise {
  private static final MathFunction FUNCTION = MathFunction.unary("log1p", Math::log1p);

  @Override
  public String name() {
    return "log1p";
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.call(FUNCTION, inputs);
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.over(self.input(0).plus(1)));
  }
}
