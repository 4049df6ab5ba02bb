package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.OverlapAdd;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Reverse;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Windows;
import nnc.compiler.ir.op.StopGradient;

/** Moves of moves, moves that move nothing, reductions over what is repeated or single. */
final class ShapeRules {
  static final List<Rule> RULES =
      List.of(
          ShapeRules::move,
          ShapeRules::besideOneAnother,
          ShapeRules::sumOfPads,
          ShapeRules::concatOfConcat,
          ShapeRules::concatOfBroadcasts,
          ShapeRules::rowsOfPlaces,
          ShapeRules::sumOfSum,
          ShapeRules::apart,
          ShapeRules::overSingleAxes,
          ShapeRules::sumOfRepeated,
          ShapeRules::maxOfRepeated,
          ShapeRules::onlyPlace);

  /** Reductions are over axes side by side, an argmax over the last, none of them of size 1. */
  static final List<Rule> NEEDED =
      List.of(
          ShapeRules::rowsOfPlaces,
          ShapeRules::apart,
          ShapeRules::overSingleAxes,
          ShapeRules::onlyPlace);

  /** The same where reductions over few places are like any other. */
  static final List<Rule> NEEDED_OF_ALL = List.of(ShapeRules::asRows, ShapeRules::oneByOne);

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
      case Reshape reshape when input.op() instanceof Reshape ->
          Optional.of(input.input(0).reshape(reshape.target()));
      case Broadcast broadcast when broadcast.target().equals(input.shape()) -> Optional.of(input);
      case Broadcast broadcast when input.op() instanceof Broadcast inner ->
          Optional.of(
              input
                  .input(0)
                  .broadcast(
                      broadcast.target(),
                      inner.places().stream().map(broadcast.places()::get).toList()));
      case Permute permute when input.op() instanceof Permute inner ->
          Optional.of(
              input.input(0).permute(permute.order().stream().map(inner.order()::get).toList()));
      case Permute permute
          when permute.order().stream().sorted().toList().equals(permute.order()) ->
          Optional.of(input);
      case Reverse reverse when reverse.equals(input.op()) -> Optional.of(input.input(0));
      default -> Optional.empty();
    };
  }

  /** Windows that neither overlap nor leave places between them are a reshape, and adding them up is one. */
  private static Optional<Node> besideOneAnother(Node node) {
    return switch (node.op()) {
      case Windows windows
          when windows.stride() == windows.size()
              && (windows.dilation() == 1 || windows.size() == 1) -> {
        Node x = node.input(0);
        int seen = node.shape().size(windows.axis()).constant() * windows.size();
        int length = x.shape().size(windows.axis()).constant();
        Node part = seen == length ? x : x.builder().add(new Slice(windows.axis(), 0, seen), x);
        yield Optional.of(part.reshape(node.shape()));
      }
      case OverlapAdd add
          when node.input(0).shape().size(add.axis() + 1).equals(Size.of(add.stride()))
              && (add.dilation() == 1 || add.stride() == 1) -> {
        int seen = node.input(0).shape().size(add.axis()).constant() * add.stride();
        Node rows = node.input(0).reshape(node.shape().with(add.axis(), Size.of(seen)));
        yield Optional.of(
            seen == add.length()
                ? rows
                : node.builder().add(new Pad(add.axis(), 0, add.length() - seen), rows));
      }
      default -> Optional.empty();
    };
  }

  /** Values surrounded by zeros, one beside the other, add up to both put together. */
  private static Optional<Node> sumOfPads(Node node) {
    return Sums.joined(node, ShapeRules::sideBySide);
  }

  private static Optional<Node> sideBySide(Node one, Node other) {
    if (!(one.op() instanceof Pad a && other.op() instanceof Pad b)
        || a.axis() != b.axis()
        || a.value() != 0
        || b.value() != 0) {
      return Optional.empty();
    }
    if (a.before() > b.before()) {
      return sideBySide(other, one);
    }
    Node both = Parts.together(a.axis(), List.of(one.input(0), other.input(0)));
    boolean adjacent = a.before() + one.input(0).shape().size(a.axis()).constant() == b.before();
    return Optional.of(both)
        .filter(ignored -> adjacent)
        .map(whole ->
            a.before() + b.after() == 0
                ? whole
                : whole.builder().add(new Pad(a.axis(), a.before(), b.after()), whole));
  }

  /** Parts of which one is put together itself are more parts. */
  private static Optional<Node> concatOfConcat(Node node) {
    if (!(node.op() instanceof Concat concat)
        || node.inputs().stream().noneMatch(input -> concat.equals(input.op()))) {
      return Optional.empty();
    }
    return Optional.of(Parts.together(concat.axis(), node.inputs()));
  }

  /** Values repeated along the same axes, side by side, are repeated together. */
  private static Optional<Node> concatOfBroadcasts(Node node) {
    if (!(node.op() instanceof Concat concat
        && node.input(0).op() instanceof Broadcast first
        && first.places().contains(concat.axis())
        && node.inputs().stream()
            .allMatch(input ->
                input.op() instanceof Broadcast broadcast
                    && broadcast.places().equals(first.places())))) {
      return Optional.empty();
    }
    Node together =
        Parts.together(
            first.places().indexOf(concat.axis()),
            node.inputs().stream().map(input -> input.input(0)).toList());
    return Optional.of(together.broadcast(node.shape(), first.places()));
  }

  /** Kernels search rows: the axes of an argmax go last, as one. */
  private static Optional<Node> rowsOfPlaces(Node node) {
    return isOfFewPlaces(node) ? Optional.empty() : asRows(node);
  }

  private static boolean isOfFewPlaces(Node node) {
    return node.op() instanceof Reduction reduction && FewPlaces.isFew(reduction, node.input(0));
  }

  private static Optional<Node> asRows(Node node) {
    int rank = node.inputs().isEmpty() ? 0 : node.input(0).shape().rank();
    if (!(node.op() instanceof ArgMax argMax) || argMax.axes().equals(List.of(rank - 1))) {
      return Optional.empty();
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    order.removeAll(argMax.axes());
    order.addAll(argMax.axes());
    Node rows = node.input(0).permute(order);
    List<Size> sizes = new ArrayList<>(node.shape().sizes());
    sizes.add(
        argMax.axes().stream().map(node.input(0).shape()::size).reduce(Size.ONE, Size::times));
    return Optional.of(
        node.builder().add(new ArgMax(sizes.size() - 1), rows.reshape(new Shape(sizes))));
  }

  /** Two sums are one, if it is over axes side by side. */
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
    return lastRun(all).size() == all.size()
        ? Optional.of(node.input(0).input(0).sum(all))
        : Optional.empty();
  }

  /** A reduction over axes that are not side by side is one after the other. */
  private static Optional<Node> apart(Node node) {
    return isOfFewPlaces(node) ? Optional.empty() : oneByOne(node);
  }

  private static Optional<Node> oneByOne(Node node) {
    if (!(node.op() instanceof Reduction reduction)
        || node.op() instanceof ArgMax
        || lastRun(reduction.axes()).size() == reduction.axes().size()) {
      return Optional.empty();
    }
    List<Integer> inner = lastRun(reduction.axes());
    List<Integer> outer = without(reduction.axes(), inner);
    boolean sum = reduction instanceof Sum;
    Node partial = node.builder().add(sum ? new Sum(inner) : new Max(inner), node.input(0));
    return Optional.of(node.builder().add(sum ? new Sum(outer) : new Max(outer), partial));
  }

  /** The last of some axes, with those that are next to it. */
  private static List<Integer> lastRun(List<Integer> axes) {
    List<Integer> sorted = axes.stream().sorted().toList();
    int from = Math.max(0, sorted.size() - 1);
    while (from > 0 && sorted.get(from - 1) == sorted.get(from) - 1) {
      from--;
    }
    return sorted.subList(from, sorted.size());
  }

  /** A reduction over axes of size 1 is a reshape; over some of them, it is over the others. */
  private static Optional<Node> overSingleAxes(Node node) {
    if (!(node.op() instanceof Reduction reduction) || node.op() instanceof ArgMax) {
      return Optional.empty();
    }
    Node x = node.input(0);
    List<Integer> single =
        reduction.axes().stream().filter(axis -> x.shape().size(axis).isOne()).toList();
    if (single.isEmpty()) {
      return Optional.empty();
    }
    Node squeezed = x.reshape(x.shape().without(single));
    List<Integer> rest = without(reduction.axes(), single);
    if (rest.isEmpty()) {
      return Optional.of(squeezed);
    }
    return Optional.of(
        node.builder().add(reduction instanceof Sum ? new Sum(rest) : new Max(rest), squeezed));
  }

  /** The sum over axes along which a value is repeated is a multiple of it. */
  private static Optional<Node> sumOfRepeated(Node node) {
    List<Integer> repeated = repeatedAxes(node);
    if (!(node.op() instanceof Sum sum) || repeated.isEmpty()) {
      return Optional.empty();
    }
    Size count = repeated.stream().map(node.input(0).shape()::size).reduce(Size.ONE, Size::times);
    Node once = once(node.input(0), repeated);
    Node multiple =
        once.times(node.builder().add(new Extent(count)).broadcast(once.shape(), List.of()));
    return Optional.of(multiple.sum(without(sum.axes(), repeated)));
  }

  /** The largest of equal values is the value. */
  private static Optional<Node> maxOfRepeated(Node node) {
    List<Integer> repeated = repeatedAxes(node);
    if (!(node.op() instanceof Max max) || repeated.isEmpty()) {
      return Optional.empty();
    }
    Node once = once(node.input(0), repeated);
    List<Integer> rest = without(max.axes(), repeated);
    return Optional.of(rest.isEmpty() ? once : node.builder().add(new Max(rest), once));
  }

  /** Of one element, and of equal ones, the first is the largest. */
  private static Optional<Node> onlyPlace(Node node) {
    if (!(node.op() instanceof ArgMax argMax)
        || !argMax.axes().stream()
            .allMatch(axis ->
                node.input(0).shape().size(axis).isOne() || repeatedAxes(node).contains(axis))) {
      return Optional.empty();
    }
    return Optional.of(
        node.builder().add(new Constant(0, ElementType.I32)).broadcast(node.shape(), List.of()));
  }

  /** The reduced axes along which the operand repeats its values. */
  private static List<Integer> repeatedAxes(Node node) {
    return node.op() instanceof Reduction reduction
            && node.input(0).op() instanceof Broadcast broadcast
        ? broadcast.newAxes().stream().filter(reduction.axes()::contains).toList()
        : List.of();
  }

  /** A broadcast without some of the axes it makes. */
  private static Node once(Node broadcast, List<Integer> repeated) {
    Broadcast op = (Broadcast) broadcast.op();
    return broadcast
        .input(0)
        .broadcast(op.target().without(repeated), without(op.places(), repeated));
  }

  /** What axes are called when others are gone. */
  private static List<Integer> without(List<Integer> axes, List<Integer> gone) {
    return axes.stream()
        .filter(axis -> !gone.contains(axis))
        .map(axis -> axis - (int) gone.stream().filter(other -> other < axis).count())
        .toList();
  }
}
