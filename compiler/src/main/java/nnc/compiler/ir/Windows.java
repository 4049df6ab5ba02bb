package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Windows on an axis of constant size, which becomes two: element (i, j) of axes [places, size] is the old element i
 * stride + j dilation. Windows may overlap; what no window sees is left out.
 */
public record Windows(int axis, int size, int stride, int dilation) implements ShapeOp {
  public Windows {
    Op.require(
        size >= 1 && stride >= 1 && dilation >= 1,
        "windows: size " + size + ", stride " + stride + ", dilation " + dilation);
  }

  /** How many elements lie between the first and the last one that a window sees, both included. */
  public static long reach(int size, int dilation) {
    return (long) dilation * (size - 1) + 1;
  }

  /** How many windows there are on an axis of some length. */
  public static int places(int length, int size, int stride, int dilation) {
    return (int) ((length - reach(size, dilation)) / stride) + 1;
  }

  @Override
  public String name() {
    return "windows";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    int length = input.shape().size(axis).constant();
    Op.require(reach(size, dilation) <= length, "windows fit into " + input + ": " + this);
    List<Size> sizes = new ArrayList<>(input.shape().sizes());
    sizes.set(axis, Size.of(places(length, size, stride, dilation)));
    sizes.add(axis + 1, Size.of(size));
    return input.with(new Shape(sizes));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    int length = self.input(0).shape().size(axis).constant();
    return List.of(
        upstream.builder().add(new OverlapAdd(axis, length, stride, dilation), upstream));
  }

  @Override
  public String toString() {
    return "windows of " + size + " at axis " + axis + steps(stride, dilation);
  }

  static String steps(int stride, int dilation) {
    return (stride == 1 ? "" : ", stride " + stride)
        + (dilation == 1 ? "" : ", dilation " + dilation);
  }
}
