package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transpose of {@link Windows}: axes [places, size] become one of a given length, on which element (i, j) is added
 * at place i stride + j dilation, in the order of the j. Where nothing falls there is 0.
 */
public record OverlapAdd(int axis, int length, int stride, int dilation) implements Op {
  public OverlapAdd {
    Op.require(
        length >= 1 && stride >= 1 && dilation >= 1,
        "overlap_add: length " + length + ", stride " + stride + ", dilation " + dilation);
  }

  @Override
  public String name() {
    return "overlap_add";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Shape shape = inputs.getFirst().shape();
    int places = shape.size(axis).constant();
    int size = shape.size(axis + 1).constant();
    Op.require(
        Windows.reach(size, dilation) <= length
            && places == Windows.places(length, size, stride, dilation),
        "overlap_add takes the windows of its length: " + shape + ", " + this);
    List<Size> sizes = new ArrayList<>(shape.sizes());
    sizes.set(axis, Size.of(length));
    sizes.remove(axis + 1);
    return Type.f32(new Shape(sizes));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    int size = self.input(0).shape().size(axis + 1).constant();
    return List.of(upstream.builder().add(new Windows(axis, size, stride, dilation), upstream));
  }

  @Override
  public String toString() {
    return "overlap_add to " + length + " at axis " + axis + Windows.steps(stride, dilation);
  }
}
