package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Reverse;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Windows;

/**
 * A tensor as it is read from another one's memory: element (i, j, …) of the view is element offset + i stride0 + j stride1 + …
 * of the base. A stride of 0 repeats.
 */
record View(Node base, Shape shape, Size offset, List<Size> strides) {
  private static final Size NONE = Size.of(0);

  static View contiguous(Node node) {
    return new View(node, node.shape(), NONE, strides(node.shape()));
  }

  static List<Size> strides(Shape shape) {
    Size[] strides = new Size[shape.rank()];
    Size step = Size.ONE;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step = step.times(shape.size(axis));
    }
    return List.of(strides);
  }

  /** The op's result read from its input's memory, if that can be said with strides. */
  Optional<View> through(ShapeOp op, Shape result) {
    return switch (op) {
      case Broadcast broadcast -> {
        List<Size> spread = new ArrayList<>();
        for (int axis = 0; axis < result.rank(); axis++) {
          int own = broadcast.places().indexOf(axis);
          spread.add(own < 0 ? NONE : strides.get(own));
        }
        yield Optional.of(new View(base, result, offset, spread));
      }
      case Permute permute ->
          Optional.of(
              new View(base, result, offset, permute.order().stream().map(strides::get).toList()));
      case Reverse reverse -> {
        Size step = strides.get(reverse.axis());
        List<Size> turned = new ArrayList<>(strides);
        turned.set(reverse.axis(), step.times(Size.of(-1)));
        yield sum(offset, step.times(Size.of(shape.size(reverse.axis()).constant() - 1)))
            .map(last -> new View(base, result, last, turned));
      }
      case Slice slice ->
          sum(offset, strides.get(slice.axis()).times(Size.of(slice.from())))
              .map(moved -> new View(base, result, moved, strides));
      case Reshape ignored -> reshaped(result);
      case Windows windows -> {
        List<Size> steps = new ArrayList<>(strides);
        Size step = strides.get(windows.axis());
        steps.set(windows.axis(), step.times(Size.of(windows.stride())));
        steps.add(windows.axis() + 1, step.times(Size.of(windows.dilation())));
        yield Optional.of(new View(base, result, offset, steps));
      }
      case Concat ignored -> Optional.empty();
      case Pad ignored -> Optional.empty();
    };
  }

  private static Optional<Size> sum(Size a, Size b) {
    if (a.factor() == 0 || b.factor() == 0) {
      return Optional.of(a.factor() == 0 ? b : a);
    }
    return a.dims().equals(b.dims())
        ? Optional.of(new Size(a.factor() + b.factor(), a.dims()))
        : Optional.empty();
  }

  /** Matches runs of axes of the old shape with runs of the new; inside a run the old axes must follow one another in memory. */
  private Optional<View> reshaped(Shape target) {
    List<Size> result = new ArrayList<>();
    int from = 0;
    int to = 0;
    while (from < shape.rank() || to < target.rank()) {
      int fromEnd = from;
      int toEnd = to;
      Size left = Size.ONE;
      Size right = Size.ONE;
      boolean first = true;
      while (first || !left.equals(right)) {
        boolean takeOld =
            fromEnd < shape.rank()
                && (toEnd >= target.rank()
                    || left.maximum() <= right.maximum()
                    || first && shape.size(fromEnd).isOne());
        if (takeOld) {
          left = left.times(shape.size(fromEnd++));
        } else if (toEnd < target.rank()) {
          right = right.times(target.size(toEnd++));
        } else {
          return Optional.empty();
        }
        first = false;
        if (fromEnd == shape.rank() && toEnd == target.rank() && !left.equals(right)) {
          return Optional.empty();
        }
      }
      Optional<Size> step = innermost(from, fromEnd);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      Size[] own = new Size[toEnd - to];
      Size stride = step.get();
      for (int axis = toEnd - 1; axis >= to; axis--) {
        own[axis - to] = stride;
        stride = stride.times(target.size(axis));
      }
      result.addAll(List.of(own));
      from = fromEnd;
      to = toEnd;
    }
    return Optional.of(new View(base, target, offset, result));
  }

  /** The stride of a run of axes as one axis, if they lie one within the next. */
  Optional<Size> innermost(int from, int to) {
    Size step = null;
    Size extent = Size.ONE;
    for (int axis = to - 1; axis >= from; axis--) {
      if (shape.size(axis).isOne()) {
        continue;
      }
      if (step == null) {
        step = strides.get(axis);
      } else if (!strides.get(axis).equals(step.times(extent))) {
        return Optional.empty();
      }
      extent = extent.times(shape.size(axis));
    }
    return Optional.of(step == null ? Size.ONE : step);
  }

  boolean isContiguous() {
    Size expected = Size.ONE;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      if (!shape.size(axis).isOne() && !strides.get(axis).equals(expected)) {
        return false;
      }
      expected = expected.times(shape.size(axis));
    }
    return true;
  }
}
