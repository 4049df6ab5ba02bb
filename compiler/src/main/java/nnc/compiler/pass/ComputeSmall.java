package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;

/** Elementwise ops before the moves of their operands: on the smaller shape, and where they can be fused. */
final class ComputeSmall {
  static final List<Rule> RULES =
      List.of(
          ComputeSmall::withoutSingleAxes,
          ComputeSmall::beforeBroadcast,
          ComputeSmall::beforeReshape,
          ComputeSmall::reshapedBroadcast);

  private ComputeSmall() {}

  /** An elementwise op needs no axes of size 1. */
  private static Optional<Node> withoutSingleAxes(Node node) {
    if (!(node.op() instanceof Elementwise op)
        || node.shape().sizes().stream().noneMatch(Size::isOne)) {
      return Optional.empty();
    }
    Shape squeezed = squeezed(node.shape());
    List<Node> operands = node.inputs().stream().map(input -> input.reshape(squeezed)).toList();
    return Optional.of(node.builder().add(op, operands).reshape(node.shape()));
  }

  /** A reshape that only drops axes of size 1 from a broadcast is a smaller broadcast. */
  private static Optional<Node> reshapedBroadcast(Node node) {
    if (!(node.op() instanceof Reshape && node.input(0).op() instanceof Broadcast broadcast)) {
      return Optional.empty();
    }
    Shape whole = broadcast.target();
    Shape squeezed = squeezed(whole);
    if (!node.shape().equals(squeezed) || squeezed.equals(whole)) {
      return Optional.empty();
    }
    Node x = node.input(0).input(0);
    List<Integer> places = new ArrayList<>();
    for (int place : broadcast.places()) {
      if (!whole.size(place).isOne()) {
        places.add(
            place - (int) whole.sizes().subList(0, place).stream().filter(Size::isOne).count());
      }
    }
    return Optional.of(x.reshape(squeezed(x.shape())).broadcast(squeezed, places));
  }

  /** op(broadcast a, broadcast b) is broadcast op(a, b). */
  private static Optional<Node> beforeBroadcast(Node node) {
    if (!(node.op() instanceof Elementwise op)) {
      return Optional.empty();
    }
    Broadcast common = null;
    Shape small = null;
    for (Node input : node.inputs()) {
      if (input.constantValue().isPresent()) {
        continue;
      }
      if (!(input.op() instanceof Broadcast broadcast)
          || common != null && !broadcast.equals(common)) {
        return Optional.empty();
      }
      common = broadcast;
      small = input.input(0).shape();
    }
    if (common == null || small == null) {
      return Optional.empty();
    }
    Node computed = node.builder().add(op, operands(node, small));
    return Optional.of(computed.broadcast(common.target(), common.places()));
  }

  /** op(reshape a, reshape b) is reshape op(a, b), on a and b without their axes of size 1, which no op needs. */
  private static Optional<Node> beforeReshape(Node node) {
    if (!(node.op() instanceof Elementwise op)) {
      return Optional.empty();
    }
    Shape source = null;
    for (Node input : node.inputs()) {
      if (input.constantValue().isPresent()) {
        continue;
      }
      if (!(input.op() instanceof Reshape)
          || source != null && !source.equals(input.input(0).shape())) {
        return Optional.empty();
      }
      source = input.input(0).shape();
    }
    if (source == null || squeezed(source).equals(node.shape())) {
      return Optional.empty();
    }
    return Optional.of(
        node.builder().add(op, operands(node, squeezed(source))).reshape(node.shape()));
  }

  private static Shape squeezed(Shape shape) {
    return new Shape(shape.sizes().stream().filter(size -> !size.isOne()).toList());
  }

  /** The operands before their moves, in a common shape; constants too. */
  private static List<Node> operands(Node node, Shape shape) {
    List<Node> operands = new ArrayList<>();
    for (Node input : node.inputs()) {
      if (input.constantValue().isPresent()) {
        Node scalar = input;
        while (scalar.op() instanceof Broadcast) {
          scalar = scalar.input(0);
        }
        operands.add(scalar.broadcast(shape, List.of()));
      } else {
        operands.add(input.input(0).reshape(shape));
      }
    }
    return operands;
  }
}
