package nnc.compiler.ir.op;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** Whether two numbers stand in a relation. */
public record Compare(Algebra.Comparison comparison) implements Elementwise {
  @Override
  public String name() {
    return comparison.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public ElementType element(List<ElementType> inputs) {
    return ElementType.BOOL;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.compare(comparison, inputs.get(0), inputs.get(1));
  }

  /** Flat wherever it is smooth: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Arrays.asList(null, null);
  }
}
