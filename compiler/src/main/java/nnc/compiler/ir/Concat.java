package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tensors one after the other along an axis of constant sizes. */
public record Concat(int axis) implements ShapeOp {
  @Override
  public String name() {
    return "concat";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type first = inputs.getFirst();
    long whole = 0;
    for (Type input : inputs) {
      Size own = input.shape().size(axis);
      Op.require(
          input.shape().with(axis, Size.ONE).equals(first.shape().with(axis, Size.ONE)),
          "concat: equal but for axis " + axis + ": " + inputs);
      whole += own.constant();
    }
    return first.with(first.shape().with(axis, Size.of(whole)));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    List<@Nullable Node> parts = new ArrayList<>();
    int from = 0;
    for (Node input : self.inputs()) {
      int length = input.shape().size(axis).constant();
      parts.add(
          length == upstream.shape().size(axis).constant()
              ? upstream
              : upstream.builder().add(new Slice(axis, from, length), upstream));
      from += length;
    }
    return parts;
  }

  @Override
  public String toString() {
    return "concat at axis " + axis;
  }
}
