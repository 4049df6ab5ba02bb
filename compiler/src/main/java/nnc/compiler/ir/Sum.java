package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sum over axes. */
public record Sum(List<Integer> axes) implements Reduction {
  public Sum {
    axes = axes.stream().sorted().toList();
  }

  @Override
  public String name() {
    return "sum";
  }

  @Override
  public ElementType element(ElementType input) {
    return ElementType.F32;
  }

  @Override
  public double of(double[] elements) {
    double sum = 0;
    for (double element : elements) {
      sum += element;
    }
    return sum;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.spread(self.input(0).shape(), axes));
  }

  @Override
  public String toString() {
    return "sum over " + axes;
  }
}
