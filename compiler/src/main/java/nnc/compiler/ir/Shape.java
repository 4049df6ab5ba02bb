package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The sizes of a tensor's axes, outermost first. */
public record Shape(List<Size> sizes) {
  public static final Shape SCALAR = new Shape(List.of());

  public Shape {
    sizes = List.copyOf(sizes);
    for (Size size : sizes) {
      if (size.factor() < 0) {
        throw new IllegalArgumentException("a size is not negative: " + size);
      }
    }
  }

  public static Shape of(int... sizes) {
    return new Shape(Arrays.stream(sizes).mapToObj(Size::of).toList());
  }

  public int rank() {
    return sizes.size();
  }

  public Size size(int axis) {
    return sizes.get(axis);
  }

  /** The number of elements. */
  public Size elements() {
    return sizes.stream().reduce(Size.ONE, Size::times);
  }

  /** The shape without some axes. */
  public Shape without(List<Integer> axes) {
    List<Size> kept = new ArrayList<>();
    for (int axis = 0; axis < rank(); axis++) {
      if (!axes.contains(axis)) {
        kept.add(sizes.get(axis));
      }
    }
    return new Shape(kept);
  }

  /** The shape with one axis of another size. */
  public Shape with(int axis, Size size) {
    List<Size> changed = new ArrayList<>(sizes);
    changed.set(axis, size);
    return new Shape(changed);
  }

  /** The shape with one more axis in front. */
  public Shape under(Size size) {
    List<Size> more = new ArrayList<>();
    more.add(size);
    more.addAll(sizes);
    return new Shape(more);
  }

  public boolean isConstant() {
    return sizes.stream().allMatch(Size::isConstant);
  }

  /** The sizes when the run-time dims have these extents. */
  public int[] at(Map<Dim, Integer> extents) {
    return sizes.stream().mapToInt(size -> Math.toIntExact(size.at(extents))).toArray();
  }

  @Override
  public String toString() {
    return sizes.stream().map(Size::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
