package nnc.compiler.ir.op;

import java.util.Arrays;
import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The second input where the first holds, else the third. */
public record Select() implements Elementwise {
  @Override
  public String name() {
    return "where";
  }

  @Override
  public int arity() {
    return 3;
  }

  @Override
  public ElementType element(List<ElementType> inputs) {
    return inputs.get(1) == inputs.get(2) ? inputs.get(1) : ElementType.F32;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.select(inputs.get(0), inputs.get(1), inputs.get(2));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node condition = self.input(0);
    Node none = upstream.zeros();
    return Arrays.asList(null, condition.choose(upstream, none), condition.choose(none, upstream));
  }
}
