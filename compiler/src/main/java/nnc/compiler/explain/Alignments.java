package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;

/**
 * Formulas do not show along which axes a value lies in a larger one, since its size tells. Where a value lies along several
 * axes of one shape, as in the difference of each element of x and each other, it is written with places: x[i] − x[j].
 */
final class Alignments {
  /** What places along the last axes are called, the last one first. */
  private static final List<String> PLACES = List.of("j", "i", "k", "l");

  private static final Size ONE = Size.of(1);

  private Alignments() {}

  static String place(int axisFromLast) {
    return PLACES.get(Math.min(axisFromLast, PLACES.size() - 1));
  }

  /** The places of the nodes that need them. */
  static Map<Node, String> of(Collection<Node> nodes) {
    Map<Node, Map<Shape, Set<List<Integer>>>> seen = new HashMap<>();
    Map<Node, List<Integer>> aligned = new HashMap<>();
    for (Node node : nodes) {
      Node base = Formulas.base(node);
      if (base.shape().rank() > 0 && !(base.op() instanceof Iota)) {
        axes(node, base)
            .ifPresent(axes -> {
              aligned.put(node, axes);
              seen.computeIfAbsent(base, ignored -> new HashMap<>())
                  .computeIfAbsent(node.shape(), ignored -> new HashSet<>())
                  .add(axes);
            });
      }
    }
    Map<Node, String> places = new HashMap<>();
    aligned.forEach((node, axes) -> {
      Map<Shape, Set<List<Integer>>> ways = seen.getOrDefault(Formulas.base(node), Map.of());
      if (ways.getOrDefault(node.shape(), Set.of()).size() > 1) {
        places.put(
            node,
            axes.stream()
                .map(axis -> place(node.shape().rank() - 1 - axis))
                .collect(Collectors.joining(", ")));
      }
    });
    return places;
  }

  /** Whether an axis of a node is the first one of its base. */
  static boolean isFirst(int axis, Node node, Node base) {
    return base.shape().size(0).equals(ONE)
        ? axis == 0
        : axes(node, base).filter(axes -> axes.getFirst() == axis).isPresent();
  }

  /** For each axis of the base that is longer than 1, the axis of the node; nothing if axes are put together. */
  private static Optional<List<Integer>> axes(Node node, Node base) {
    List<Node> moves = new ArrayList<>();
    for (Node move = node; move != base; move = move.input(0)) {
      moves.addFirst(move);
    }
    List<Integer> axes = longAxes(base.shape());
    for (Node move : moves) {
      List<Integer> before = axes;
      switch (move.op()) {
        case Broadcast broadcast -> axes = before.stream().map(broadcast.places()::get).toList();
        case Permute permute -> axes = before.stream().map(permute.order()::indexOf).toList();
        case Reshape ignored -> {
          Shape from = move.input(0).shape();
          List<Integer> own = longAxes(from);
          List<Integer> other = longAxes(move.shape());
          if (!sizes(from, own).equals(sizes(move.shape(), other))) {
            return Optional.empty();
          }
          axes = before.stream().map(axis -> other.get(own.indexOf(axis))).toList();
        }
        default -> {}
      }
    }
    return Optional.of(axes);
  }

  private static List<Integer> longAxes(Shape shape) {
    return IntStream.range(0, shape.rank())
        .boxed()
        .filter(axis -> !shape.size(axis).equals(ONE))
        .toList();
  }

  private static List<Size> sizes(Shape shape, List<Integer> axes) {
    return axes.stream().map(shape::size).toList();
  }
}
