package nnc.compiler.ir.op;

import java.util.Collections;
import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** Does not hold. */
public record Not() implements Elementwise {
  @Override
  public String name() {
    return "not";
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.not(inputs.get(0));
  }

  @Override
  public ElementType element(List<ElementType> inputs) {
    return ElementType.BOOL;
  }

  /** Flat wherever it is smooth: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Collections.singletonList(null);
  }
}
