package nnc.compiler.pass;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Lift;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.RowOp;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Structured;
import nnc.compiler.ir.Sum;

/**
 * Work that no state depends on leaves its loop: before it, products of what each step is given; after it, all that the next
 * step does not need, such as the gradients by weights. Each is then one op for all steps.
 */
final class LeaveLoops implements Pass {
  @Override
  public String name() {
    return "leave-loops";
  }

  @Override
  public String law() {
    return "what does not depend on a state, or no state depends on, is computed for all steps at once";
  }

  @Override
  public Outcome run(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new HashMap<>();
    int count = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Recur) {
        count += new Loop(node, graph.nodes(), builder, images).split();
      } else if (!images.containsKey(node)) {
        images.put(node, builder.copy(node, images));
      }
    }
    return new Outcome(graph.image(images), count);
  }

  /** A value outside of the loop, with the axis of steps in front or the same for all of them. */
  private record Outside(Node node, boolean stacked) {}

  private static final class Loop {
    private final Node node;
    private final Recur recur;
    private final GraphBuilder builder;
    private final Map<Node, Node> images;
    private final List<Node> results;
    private final List<Node> inputs;
    private final List<Node> graph;
    private final Set<Node> liftable = new HashSet<>();

    /** Results that had better not leave. */
    private final Set<Node> held = new HashSet<>();

    private final Set<Node> heavy = new HashSet<>();

    /** Transposes that products read, which could not read what lies before them. */
    private final Set<Node> transposed = new HashSet<>();

    private final Map<Node, Outside> outside = new HashMap<>();

    /** Whether values below a result had better leave with it. */
    private final Map<Node, Boolean> worth = new HashMap<>();

    /** What is computed behind the loop. */
    private final Set<Node> behind = new HashSet<>();

    private int moved;

    Loop(Node node, List<Node> graph, GraphBuilder builder, Map<Node, Node> images) {
      this.node = node;
      this.recur = (Recur) node.op();
      this.builder = builder;
      this.images = images;
      this.graph = graph;
      this.results = Recurrence.results(graph, node);
      this.inputs = node.inputs().stream().map(images::get).toList();
      for (Node each : recur.body().nodes()) {
        if (each.op() instanceof Slot || isLiftable(each) && liftable.containsAll(each.inputs())) {
          liftable.add(each);
        }
        if (isHeavy(each) || each.inputs().stream().anyMatch(heavy::contains)) {
          heavy.add(each);
        }
        if (each.op() instanceof Product) {
          each.inputs().stream()
              .filter(input -> input.op() instanceof Permute)
              .forEach(transposed::add);
        }
      }
    }

    private static boolean isHeavy(Node node) {
      return node.op() instanceof Product
          || node.op() instanceof Reduction
          || isCopied(node)
          || node.op() instanceof Gather
          || node.op() instanceof MathOp op
              && !op.function().instruction()
              && !node.differsByStep(); // else it is computed as often outside, and kept
    }

    /** A move that no strides can say. */
    private static boolean isCopied(Node node) {
      return node.op() instanceof Concat || node.op() instanceof Pad;
    }

    /** Rewrites the loop; how many values have left it. */
    int split() {
      Set<Node> stays = stays();
      GraphBuilder inner = new GraphBuilder();
      Map<Node, Node> inside = new HashMap<>();
      Recurrence recurrence =
          new Recurrence(builder, recur.length(), recur.reverse(), recur.truncate());
      Set<Node> used = used(stays);
      int slots = inputs.size();
      for (Node each : recur.body().nodes()) {
        if (!used.contains(each)) {
          continue;
        }
        if (leavesBefore(each)) {
          Outside early = outside(each);
          Node slot =
              inner.add(
                  new Slot(early.stacked ? Slot.Role.STEP : Slot.Role.WHOLE, slots++, each.type()));
          each.label().ifPresent(label -> inner.label(slot, label));
          if (early.stacked) {
            recurrence.sequence(slot, early.node);
          } else {
            recurrence.whole(slot, early.node);
          }
          inside.put(each, slot);
          moved++;
        } else {
          inside.put(
              each,
              inner.copy(
                  each,
                  each.inputs().stream().map(inside::get).toList(),
                  each.gradientOf().orElse(null)));
        }
      }
      recurrence.inputs(recur, inputs, inside);
      close(recurrence, stays, inside);
      return moved;
    }

    /** What the states need, what cannot be computed for all steps at once, and what had better not. */
    private Set<Node> stays() {
      Set<Node> roots = new LinkedHashSet<>();
      recur.next().forEach(number -> roots.add(recur.body().node(number)));
      for (Node each : recur.body().nodes()) {
        if (!liftable.contains(each) && !liftableAbove(each)) {
          roots.add(each);
        }
      }
      Set<Node> stays = needed(roots);
      Set<Node> kept = new HashSet<>();
      results.forEach(result -> kept.add(value(result)));
      for (Node result : results) {
        if (!isWorthLeaving(result, stays, kept)) {
          held.add(value(result));
        }
      }
      roots.addAll(held);
      return needed(roots);
    }

    private Set<Node> needed(Set<Node> roots) {
      Set<Node> needed = new HashSet<>(Graph.needed(List.copyOf(roots)));
      recur.body().nodes().stream().filter(each -> each.op() instanceof Slot).forEach(needed::add);
      return needed;
    }

    private Node value(Node result) {
      return recur.body().node(((Result) result.op()).value());
    }

    /**
     * Whether a value behind the loop is one large product where there were many small ones, over steps that are summed or
     * over an operand that all steps share; or else needs nothing to be kept for it that is not kept anyway. The gradient by
     * what each step has of its own, as by the weights of a repeat's turns, stays.
     */
    private boolean isWorthLeaving(Node result, Set<Node> stays, Set<Node> kept) {
      List<Node> users = graph.stream().filter(user -> user.inputs().contains(result)).toList();
      boolean summed =
          !users.isEmpty()
              && users.stream()
                  .allMatch(user -> user.op() instanceof Sum sum && sum.axes().contains(0));
      return summed || isWorthLeaving(value(result), stays, kept, true);
    }

    private boolean isWorthLeaving(Node value, Set<Node> stays, Set<Node> kept, boolean top) {
      if (!top && worth.containsKey(value)) {
        return worth.get(value);
      }
      boolean answer = findWhetherWorthLeaving(value, stays, kept, top);
      if (!top) {
        worth.put(value, answer);
      }
      return answer;
    }

    private boolean findWhetherWorthLeaving(
        Node value, Set<Node> stays, Set<Node> kept, boolean top) {
      if (!value.dependsOn(Slot.Role.PREVIOUS) || !top && kept.contains(value)) {
        return true;
      }
      if (stays.contains(value) || !liftable(value)) {
        return top;
      }
      if (value.op() instanceof Product
          && value.inputs().stream().anyMatch(input -> !input.differsByStep())) {
        return true;
      }
      return value.inputs().stream().allMatch(input -> isWorthLeaving(input, stays, kept, false));
    }

    private boolean liftable(Node value) {
      return liftable.contains(value) || liftableAbove(value);
    }

    /** An op that could be lifted, over values that stay. */
    private boolean liftableAbove(Node each) {
      return isLiftable(each) && !each.inputs().isEmpty();
    }

    private boolean isLiftable(Node each) {
      return !(each.op() instanceof Structured)
          && !(each.op() instanceof RowOp && !isLookup(each))
          && !isWrittenInPlace(each);
    }

    /** Rows of a table that all steps share. */
    private boolean isLookup(Node each) {
      return each.op() instanceof Gather && !each.input(0).differsByStep();
    }

    /** What the step's own arithmetic writes side by side would have to be copied outside. */
    private boolean isWrittenInPlace(Node each) {
      return each.op() instanceof Concat
          && each.dependsOn(Slot.Role.PREVIOUS)
          && each.inputs().stream().allMatch(part -> part.op() instanceof Elementwise);
    }

    /** What stays and is not replaced by a value from outside, with those values themselves. */
    private Set<Node> used(Set<Node> stays) {
      Set<Node> wanted = new HashSet<>(held);
      recur.next().forEach(number -> wanted.add(recur.body().node(number)));
      recur.body().nodes().stream()
          .filter(each ->
              stays.contains(each) && (each.op() instanceof Slot || !liftable.contains(each)))
          .forEach(wanted::add);
      Set<Node> used = new HashSet<>();
      for (Node each : recur.body().nodes().reversed()) {
        if (wanted.contains(each)) {
          used.add(each);
          if (!leavesBefore(each)) {
            wanted.addAll(each.inputs());
          }
        }
      }
      return used;
    }

    /** A value no state reaches that is worth a memory of its own; moves are made where they are read. */
    private boolean leavesBefore(Node each) {
      return !each.dependsOn(Slot.Role.PREVIOUS)
          && liftable.contains(each)
          && !(each.op() instanceof Leaf)
          && (transposed.contains(each)
              || heavy.contains(each) && (isCopied(each) || !(each.op() instanceof ShapeOp)));
    }

    private void close(Recurrence recurrence, Set<Node> stays, Map<Node, Node> inside) {
      Set<Node> kept = new LinkedHashSet<>();
      Map<Node, Node> valueOf = new LinkedHashMap<>();
      for (Node result : results) {
        Node value = recur.body().node(((Result) result.op()).value());
        valueOf.put(result, value);
        frontier(value, stays, inside, kept);
      }
      Map<Node, Node> wholes = new HashMap<>();
      kept.forEach(value -> wholes.put(value, writtenWith(value, inside)));
      Map<Node, Node> closed =
          builder.insteadOf(
              node,
              () ->
                  recurrence.close(
                      kept.stream()
                          .map(value -> inside.get(wholes.get(value)))
                          .distinct()
                          .toList()));
      kept.forEach(value -> {
        Node whole = Known.in(closed, Known.in(inside, Known.in(wholes, value)));
        outside.put(value, new Outside(part(value, Known.in(wholes, value), whole), true));
      });
      valueOf.forEach((result, value) -> {
        Outside found = outside(value);
        Node whole =
            found.stacked
                ? found.node
                : found.node.spread(recur.stacked(value.type()).shape(), List.of(0));
        value.label().ifPresent(label -> builder.label(whole, label));
        images.put(result, whole);
      });
    }

    /** What a value is written side by side with, so that it need not be kept once more. */
    private Node writtenWith(Node value, Map<Node, Node> inside) {
      return recur.body().nodes().stream()
          .filter(each ->
              isWrittenInPlace(each) && inside.containsKey(each) && each.inputs().contains(value))
          .filter(ignored -> !recur.next().contains(recur.body().number(value)))
          .findFirst()
          .orElse(value);
    }

    /** A value at all steps, read from those of the concatenation that it is a part of. */
    private Node part(Node value, Node concat, Node whole) {
      if (value == concat) {
        return whole;
      }
      int axis = ((Concat) concat.op()).axis();
      int from =
          concat.inputs().subList(0, concat.inputs().indexOf(value)).stream()
              .mapToInt(before -> before.shape().size(axis).constant())
              .sum();
      Slice slice = new Slice(axis + 1, from, value.shape().size(axis).constant());
      return builder.insteadOf(value, () -> builder.add(slice, whole));
    }

    /** The values of the loop that a value outside of it is computed from. */
    private void frontier(Node value, Set<Node> stays, Map<Node, Node> inside, Set<Node> kept) {
      if (outside.containsKey(value) || kept.contains(value) || behind.contains(value)) {
        return;
      }
      if (value.dependsOn(Slot.Role.PREVIOUS) && stays.contains(value)
          || !liftable.contains(value) && inside.containsKey(value)) {
        kept.add(value);
        return;
      }
      if (value.op() instanceof Slot) {
        return;
      }
      behind.add(value);
      moved++;
      value.inputs().forEach(input -> frontier(input, stays, inside, kept));
    }

    /** A value for all steps. */
    private Outside outside(Node value) {
      Outside known = outside.get(value);
      if (known == null) {
        known = value.op() instanceof Slot slot ? given(slot) : lifted(value);
        outside.put(value, known);
      }
      return known;
    }

    private Outside given(Slot slot) {
      return new Outside(inputs.get(recur.input(slot)), slot.role() == Slot.Role.STEP);
    }

    private Outside lifted(Node value) {
      List<Outside> own = value.inputs().stream().map(this::outside).toList();
      List<Boolean> stacked = own.stream().map(Outside::stacked).toList();
      Node lifted =
          builder.insteadOf(
              value,
              () ->
                  Lift.lift(
                          builder,
                          value,
                          own.stream().map(Outside::node).toList(),
                          stacked,
                          Size.of(recur.length()))
                      .orElseThrow(() ->
                          new IllegalStateException("leave-loops: cannot lift " + value.op())));
      value.label().ifPresent(label -> builder.label(lifted, label));
      return new Outside(lifted, stacked.contains(true));
    }
  }
}
