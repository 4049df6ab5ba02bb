package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One number, mostly 0, before and after the elements of an axis of constant size. */
public record Pad(int axis, int before, int after, double value) implements ShapeOp {
  public Pad {
    Op.require(before >= 0 && after >= 0, "pad: before " + before + ", after " + after);
  }

  /** Zeros. */
  public Pad(int axis, int before, int after) {
    this(axis, before, after, 0);
  }

  @Override
  public String name() {
    return "pad";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    return input.with(
        input.shape().with(axis, Size.of(before + input.shape().size(axis).constant() + after)));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    int length = self.input(0).shape().size(axis).constant();
    return List.of(upstream.builder().add(new Slice(axis, before, length), upstream));
  }

  @Override
  public String toString() {
    return "pad "
        + before
        + ", "
        + after
        + " at axis "
        + axis
        + (value == 0 ? "" : " with " + Constant.text(value));
  }
}
