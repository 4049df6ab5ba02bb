package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** A number to the power of another. */
public record Power() implements MathOp {
  private static final MathFunction FUNCTION = MathFunction.binary("pow", Math::pow);

  @Override
  public MathFunction function() {
    return FUNCTION;
  }

  @Override
  public String name() {
    return "power";
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node x = self.input(0);
    Node y = self.input(1);
    Node slope = y.times(x.builder().add(new Power(), x, y.plus(-1))); // d x^y / dx = y x^(y-1)
    // d x^y / dy = x^y log x; where x is 0 the limit 0 stands, and nothing infinite arises
    Node positive = x.greaterThan(x.zeros());
    Node growth =
        positive.choose(self.times(positive.choose(x, x.constant(1)).apply(new Log())), x.zeros());
    return List.of(upstream.times(slope), upstream.times(growth));
  }
}
