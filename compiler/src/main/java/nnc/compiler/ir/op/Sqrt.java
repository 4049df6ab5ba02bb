package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The square root. */
public record Sqrt() implements Elementwise {
  private static final MathFunction FUNCTION = MathFunction.cheap("sqrt", Math::sqrt);

  @Override
  public String name() {
    return "sqrt";
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
    return List.of(upstream.over(self.times(2)));
  }
}
