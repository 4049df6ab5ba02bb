package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The places from, from + 1, … from + length - 1 of an axis of constant size. */
public record Slice(int axis, int from, int length) implements ShapeOp {
  public Slice {
    Op.require(from >= 0 && length >= 1, "slice: from " + from + ", length " + length);
  }

  @Override
  public String name() {
    return "slice";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    Op.require(
        from + length <= input.shape().size(axis).constant(),
        "slice inside " + input + ": " + this);
    return input.with(input.shape().with(axis, Size.of(length)));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    int whole = self.input(0).shape().size(axis).constant();
    return List.of(upstream.builder().add(new Pad(axis, from, whole - from - length), upstream));
  }

  @Override
  public String toString() {
    return "slice " + from + ".." + (from + length - 1) + " of axis " + axis;
  }
}
