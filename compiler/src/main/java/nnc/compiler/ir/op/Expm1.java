package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** e to the x, less 1, accurate near 0. */
public record Expm1() implements Elementwise {
  private static final MathFunction FUNCTION = MathFunction.unary("expm1", Math::expm1);

  @Override
  public String name() {
    return "expm1";
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
    return List.of(upstream.times(self.plus(1)));
  }
}
