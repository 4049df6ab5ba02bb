package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.op.StopGradient;

/** Moves of moves, moves that move nothing, reductions over what is repeated or single. */
final class ShapeRules {
  static final List<Rule> RULES =
      List.of(ShapeRules::move, ShapeRules::sumOfSum, ShapeRules::overSingleAxes, ShapeRules::sumOfRepeated);

  private ShapeRules() {}

  static Optional<Node> stopGradient(Node node) {
    return node.op() instanceof StopGradient ? Optional.of(node.input(0)) : Optional.empty();
  }

  private static Optional<Node> move(Node node) {
    if (node.inputs().isEmpty()) {
      return Optional.empty();
    }
    Node input = node.input(0);
    return switch (node.op()) {
      case Reshape reshape when reshape.target().equals(input.shape()) -> Optional.of(input);
      case Reshape reshape when input.op() instanceof Reshape -> Optional.of(input.input(0).reshape(reshape.target()));
      case Broadcast broadcast when broadcast.target().equals(input.shape()) -> Optional.of(input);
      case Broadcast broadcast when input.op() instanceof Broadcast inner ->
          Optional.of(input.input(0).broadcast(broadcast.target(), inner.places().stream().map(broadcast.places()::get).toList()));
      case Permute permute when input.op() instanceof Permute inner ->
          Optional.of(input.input(0).permute(permute.order().stream().map(inner.order()::get).toList()));
      case Permute permute when permute.order().stream().sorted().toList().equals(permute.order()) -> Optional.of(input);
      default -> Optional.empty();
    };
  }

  private static Optional<Node> sumOfSum(Node node) {
    if (!(node.op() instanceof Sum outer && node.input(0).op() instanceof Sum inner)) {
      return Optional.empty();
    }
    List<Integer> kept = new ArrayList<>();
    for (int axis = 0; axis < node.input(0).input(0).shape().rank(); axis++) {
      if (!inner.axes().contains(axis)) {
        kept.add(axis);
      }
    }
    List<Integer> all = new ArrayList<>(inner.axes());
    outer.axes().forEach(axis -> all.add(kept.get(axis)));
    return Optional.of(node.input(0).input(0).sum(all));
  }

  /** A reduction over axes of size 1 is a reshape; over some of them, it is over the others. */
  private static Optional<Node> overSingleAxes(Node node) {
    if (!(node.op() instanceof Reduction reduction) || node.op() instanceof nnc.compiler.ir.ArgMax) {
      return Optional.empty();
    }
    Node x = node.input(0);
    List<Integer> single = reduction.axes().stream().filter(axis -> x.shape().size(axis).isOne()).toList();
    if (single.isEmpty()) {
      return Optional.empty();
    }
    Node squeezed = x.reshape(x.shape().without(single));
    List<Integer> rest = new ArrayList<>();
    for (int axis : reduction.axes()) {
      if (!single.contains(axis)) {
        rest.add(axis - (int) single.stream().filter(other -> other < axis).count());
      }
    }
    if (rest.isEmpty()) {
      return Optional.of(squeezed);
    }
    return Optional.of(node.builder().add(reduction instanceof Sum ? new Sum(rest) : new nnc.compiler.ir.Max(rest), squeezed));
  }

  /** The sum over axes along which a value is repeated is a multiple of it. */
  private static Optional<Node> sumOfRepeated(Node node) {
    if (!(node.op() instanceof Sum sum && node.input(0).op() instanceof Broadcast broadcast)) {
      return Optional.empty();
    }
    List<Integer> repeated = broadcast.newAxes().stream().filter(sum.axes()::contains).toList();
    if (repeated.isEmpty()) {
      return Optional.empty();
    }
    Node x = node.input(0).input(0);
    Size count = repeated.stream().map(broadcast.target()::size).reduce(Size.ONE, Size::times);
    Node multiple = x.times(x.builder().add(new Extent(count)).broadcast(x.shape(), List.of()));
    List<Integer> places = broadcast.places().stream()
        .map(place -> place - (int) repeated.stream().filter(axis -> axis < place).count()).toList();
    List<Integer> rest = sum.axes().stream().filter(axis -> !repeated.contains(axis))
        .map(axis -> axis - (int) repeated.stream().filter(other -> other < axis).count()).toList();
    return Optional.of(multiple.broadcast(broadcast.target().without(repeated), places).sum(rest));
  }
}
