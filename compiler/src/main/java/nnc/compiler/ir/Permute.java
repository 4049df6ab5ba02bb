package nnc.compiler.ir;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The axes in another order: axis i of the result is axis {@code order[i]} of the input. */
public record Permute(List<Integer> order) implements ShapeOp {
  public Permute {
    order = List.copyOf(order);
    Op.require(
        order.stream().sorted().toList().equals(IntStream.range(0, order.size()).boxed().toList()),
        "permute: every axis once: " + order);
  }

  @Override
  public String name() {
    return "permute";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    Op.require(
        input.shape().rank() == order.size(),
        "permute: an entry for each axis of " + input + ": " + order);
    return input.with(new Shape(order.stream().map(input.shape()::size).toList()));
  }

  /** The order that undoes this one. */
  public List<Integer> inverse() {
    return IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.permute(inverse()));
  }

  @Override
  public String toString() {
    return "permute " + order;
  }
}
