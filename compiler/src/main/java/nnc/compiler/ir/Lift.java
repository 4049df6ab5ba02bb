package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An op for many steps at once: the same op with one more axis in front. So work leaves a loop, and all heads are computed
 * together.
 */
public final class Lift {
  private Lift() {}

  /**
   * The value of a node for all steps.
   *
   * @param inputs the node's inputs, with the axis of steps in front where {@code lifted} says so
   * @return empty where the op cannot be lifted
   */
  public static Optional<Node> lift(
      GraphBuilder builder, Node node, List<Node> inputs, List<Boolean> lifted, Size steps) {
    if (!lifted.contains(true)) {
      return Optional.of(builder.add(node.op(), inputs));
    }
    return switch (node.op()) {
      case Leaf ignored -> Optional.empty();
      case Structured ignored -> Optional.empty();
      case Draw op when !lifted.get(0) -> Optional.of(builder.add(op, inputs));
      case Gather op when !lifted.get(0) -> Optional.of(builder.add(op, inputs));
      case RowOp ignored -> Optional.empty();
      case Elementwise op -> Optional.of(builder.add(op, all(inputs, lifted, steps)));
      case Product op -> Optional.of(product(builder, op, inputs, lifted));
      case Sum op -> Optional.of(builder.add(new Sum(shifted(op.axes())), inputs));
      case Max op -> Optional.of(builder.add(new Max(shifted(op.axes())), inputs));
      case ArgMax op -> Optional.of(builder.add(new ArgMax(shifted(op.axes())), inputs));
      case OverlapAdd op ->
          Optional.of(
              builder.add(
                  new OverlapAdd(op.axis() + 1, op.length(), op.stride(), op.dilation()), inputs));
      case ShapeOp op -> Optional.of(builder.add(move(op, steps), all(inputs, lifted, steps)));
    };
  }

  private static ShapeOp move(ShapeOp op, Size steps) {
    return switch (op) {
      case Broadcast broadcast ->
          new Broadcast(broadcast.target().under(steps), withFirst(broadcast.places()));
      case Concat concat -> new Concat(concat.axis() + 1);
      case Pad pad -> new Pad(pad.axis() + 1, pad.before(), pad.after(), pad.value());
      case Permute permute -> new Permute(withFirst(permute.order()));
      case Reshape reshape -> new Reshape(reshape.target().under(steps));
      case Reverse reverse -> new Reverse(reverse.axis() + 1);
      case Slice slice -> new Slice(slice.axis() + 1, slice.from(), slice.length());
      case Windows windows ->
          new Windows(windows.axis() + 1, windows.size(), windows.stride(), windows.dilation());
    };
  }

  /** The axis of steps is a label that both operands share, or that one of them has alone. */
  private static Node product(
      GraphBuilder builder, Product op, List<Node> inputs, List<Boolean> lifted) {
    int label =
        1
            + IntStream.concat(
                    op.left().stream().mapToInt(Integer::intValue),
                    op.right().stream().mapToInt(Integer::intValue))
                .max()
                .orElse(0);
    return builder.product(
        inputs.get(0),
        inputs.get(1),
        new Product(
            lifted.get(0) ? with(label, op.left()) : op.left(),
            lifted.get(1) ? with(label, op.right()) : op.right(),
            with(label, op.result())));
  }

  private static List<Integer> with(int label, List<Integer> labels) {
    List<Integer> more = new ArrayList<>();
    more.add(label);
    more.addAll(labels);
    return more;
  }

  private static List<Integer> shifted(List<Integer> axes) {
    return axes.stream().map(axis -> axis + 1).toList();
  }

  private static List<Integer> withFirst(List<Integer> axes) {
    return with(0, shifted(axes));
  }

  private static List<Node> all(List<Node> inputs, List<Boolean> lifted, Size steps) {
    return IntStream.range(0, inputs.size())
        .mapToObj(i ->
            lifted.get(i)
                ? inputs.get(i)
                : inputs.get(i).spread(inputs.get(i).shape().under(steps), List.of(0)))
        .toList();
  }
}
