package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
    List<Integer> kept =
        IntStream.range(0, x.shape().rank()).boxed().filter(axis -> !axes.contains(axis)).toList();
    List<Integer> order = new ArrayList<>(kept);
    order.addAll(axes);
    Node rows = x.permute(order);
    Size reduced = axes.stream().map(x.shape()::size).reduce(Size.ONE, Size::times);
    List<Size> flat = new ArrayList<>(self.shape().sizes());
    flat.add(reduced);
    Shape flatShape = new Shape(flat);
    int last = flat.size() - 1;
    Node largest = x.builder().add(new ArgMax(last), rows.reshape(flatShape));
    Node place = x.builder().add(new Iota(reduced)).broadcast(flatShape, List.of(last));
    Node first = place.compared(Algebra.Comparison.EQUAL, largest.spread(flatShape, List.of(last)));
    Node flow = upstream.spread(flatShape, List.of(last));
    Node chosen = first.choose(flow, flow.zeros());
    return List.of(chosen.reshape(rows.shape()).permute(new Permute(order).inverse()));
  }

  @Override
  public String toString() {
    return "max over " + axes;
  }
}
