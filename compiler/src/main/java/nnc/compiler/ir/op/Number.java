package nnc.compiler.ir.op;

import java.util.Collections;
import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** A truth value as the number 1 or 0. */
public record Number() implements Elementwise {
  @Override
  public String name() {
    return "number";
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.number(inputs.get(0));
  }

  /** Flat wherever it is smooth: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Collections.singletonList(null);
  }
}
