package nnc.compiler.ir.op;

import java.util.Arrays;
import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** Both hold. */
public record And() implements Elementwise {
  @Override
  public String name() {
    return "and";
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.and(inputs.get(0), inputs.get(1));
  }

  @Override
  public ElementType element(List<ElementType> inputs) {
    return ElementType.BOOL;
  }

  /** Flat wherever it is smooth: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Arrays.asList(null, null);
  }
}
