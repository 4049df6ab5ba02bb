package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Sum;
import nnc.compiler.model.Value.TensorValue;
import org.jspecify.annotations.Nullable;

/**
 * Sums and extremes over axes; {@code keepdims = true} leaves an axis of size 1 in their place. Of what {@code where} does not
 * keep, a sum is 0, a maximum -infinity, a minimum infinity.
 */
final class ReductionFunctions {
  private ReductionFunctions() {}

  static void register(Map<String, BuiltIns.Entry> entries) {
    entries.put(
        "sum",
        arguments ->
            reduce(arguments.expect(1, 1, Arguments.AXES, Arguments.KEEP, "keepdims"), true));
    entries.put(
        "max",
        arguments ->
            arguments.count() > 1
                ? ElementwiseFunctions.extreme(arguments.expect(2, 99), true)
                : reduce(
                    arguments.expect(1, 1, Arguments.AXES, Arguments.KEEP, "keepdims"), false));
    entries.put(
        "min",
        arguments ->
            arguments.count() > 1
                ? ElementwiseFunctions.extreme(arguments.expect(2, 99), false)
                : smallest(arguments.expect(1, 1, Arguments.AXES, Arguments.KEEP, "keepdims")));
    entries.put(
        "argmax", arguments -> argmax(arguments.expect(1, 1, Arguments.AXES, Arguments.KEEP)));
  }

  private static Value reduce(Arguments arguments, boolean sum) {
    TensorValue x = arguments.kept(0, sum ? 0 : Double.NEGATIVE_INFINITY);
    List<Integer> axes = arguments.axes(x);
    return reduced(arguments, x, sum ? new Sum(axes) : new Max(axes));
  }

  /** min x = -max(-x). */
  private static Value smallest(Arguments arguments) {
    TensorValue x = arguments.kept(0, Double.POSITIVE_INFINITY);
    TensorValue turned = new TensorValue(x.node().negated(), x.axes());
    TensorValue largest = reduced(arguments, turned, new Max(arguments.axes(x)));
    return new TensorValue(largest.node().negated(), largest.axes());
  }

  private static TensorValue reduced(Arguments arguments, TensorValue x, Reduction op) {
    Node node = op.axes().isEmpty() ? x.node() : arguments.tensors().builder().add(op, x.node());
    List<@Nullable String> names = new ArrayList<>(x.axes());
    if (arguments.flag("keepdims")) {
      for (int axis : op.axes()) {
        names.set(axis, null);
      }
      Shape kept = x.node().shape();
      for (int axis : op.axes()) {
        kept = kept.with(axis, Size.ONE);
      }
      return new TensorValue(node.reshape(kept), names);
    }
    op.axes().reversed().forEach(axis -> names.remove((int) axis));
    return new TensorValue(node, names);
  }

  private static Value argmax(Arguments arguments) {
    TensorValue x = arguments.kept(0, Double.NEGATIVE_INFINITY);
    int rank = x.axes().size();
    Integer axis = arguments.axis(x);
    List<Integer> order = new ArrayList<>(Tensors.allAxes(rank));
    order.remove(axis);
    order.add(axis); // kernels search rows: the axis goes last
    return reduced(arguments, ShapeFunctions.permuted(x, order), new ArgMax(rank - 1));
  }
}
