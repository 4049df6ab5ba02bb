package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The places of an axis of constant size from last to first. Its own inverse, and its own gradient. */
public record Reverse(int axis) implements ShapeOp {
  @Override
  public String name() {
    return "reverse";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    Op.require(input.shape().size(axis).isConstant(), "reverse: known places in " + input);
    return input;
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.builder().add(this, upstream));
  }

  @Override
  public String toString() {
    return "reverse axis " + axis;
  }
}
