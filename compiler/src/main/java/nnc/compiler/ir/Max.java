package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The largest element over axes; NaN wins over every number. */
public record Max(List<Integer> axes) implements Reduction {
  public Max {
    axes = axes.stream().sorted().toList();
  }

  @Override
  public String name() {
    return "max";
  }

  @Override
  public double of(double[] elements) {
    double max = Double.NEGATIVE_INFINITY;
    for (double element : elements) {
      max = Math.max(max, element);
    }
    return max;
  }

  /** All of it flows to the first of the largest elements, in row-major order of the reduced axes. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node x = self.input(0);
    Shape reduced = new Shape(axes.stream().map(x.shape()::size).toList());
    Node place =
        x.builder().add(new Iota(reduced.elements())).reshape(reduced).broadcast(x.shape(), axes);
    Node largest = x.builder().add(new ArgMax(axes), x).spread(x.shape(), axes);
    Node flow = upstream.spread(x.shape(), axes);
    return List.of(place.compared(Algebra.Comparison.EQUAL, largest).choose(flow, flow.zeros()));
  }

  @Override
  public String toString() {
    return "max over " + axes;
  }
}
