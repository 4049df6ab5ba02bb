package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** log(1 + exp(x)), without overflow: max(x, 0) + log1p(exp(-|x|)). */
public record Softplus() implements Elementwise {
  private static final MathFunction EXP = MathFunction.unary("exp", Math::exp);
  private static final MathFunction LOG1P = MathFunction.unary("log1p", Math::log1p);

  @Override
  public String name() {
    return "softplus";
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    T x = inputs.getFirst();
    T tail = algebra.call(EXP, List.of(algebra.negate(algebra.abs(x))));
    return algebra.add(algebra.max(x, algebra.constant(0)), algebra.call(LOG1P, List.of(tail)));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.times(self.input(0).apply(new Sigmoid())));
  }
}
