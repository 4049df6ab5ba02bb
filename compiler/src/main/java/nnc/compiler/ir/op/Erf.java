package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The error function 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
public record Erf() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.unary("erf", ErrorFunction::of);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node x = self.input(0);
    Node slope =
        x.squared()
            .negated()
            .apply(new Exp())
            .times(2 / Math.sqrt(Math.PI)); // 2 / sqrt(pi) exp(-x^2)
    return List.of(upstream.times(slope));
  }
}
