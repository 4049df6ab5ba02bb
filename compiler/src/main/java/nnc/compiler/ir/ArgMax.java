package nnc.compiler.ir;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place of the largest element over axes, counted from 0 in row-major order; the first at ties. */
public record ArgMax(List<Integer> axes) implements Reduction {
  public ArgMax {
    axes = axes.stream().sorted().toList();
  }

  public ArgMax(int axis) {
    this(List.of(axis));
  }

  @Override
  public String name() {
    return "argmax";
  }

  @Override
  public ElementType element(ElementType input) {
    return ElementType.I32;
  }

  @Override
  public double of(double[] elements) {
    int best = 0;
    for (int i = 1; i < elements.length; i++) {
      if (elements[i] > elements[best]
          || (Double.isNaN(elements[i]) && !Double.isNaN(elements[best]))) {
        best = i;
      }
    }
    return best;
  }

  /** A place does not move with the values: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Collections.singletonList(null);
  }

  @Override
  public String toString() {
    return "argmax over " + axes;
  }
}
