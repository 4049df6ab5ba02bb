package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.plan.Kernel.Phase;
import nnc.compiler.plan.Kernel.Store;

/**
 * Cuts what happens in a row into phases. A new phase begins where something is needed that is computed from a whole row: a
 * reduction, or a function, which is called on the row in scratch memory when a loop has put its arguments there. What a later
 * phase needs again is computed again if that is cheap, else kept in scratch memory.
 */
final class LoopSchedule {
  private static final int CHEAP_DEPTH = 2;

  private final List<Node> nodes;
  private final Set<Node> full;
  private final Map<Node, Operand> operands;
  private final List<Store> stores;
  private final Choices choices;
  private final Map<Node, Integer> phaseOf = new HashMap<>();
  private int phases = 1;

  LoopSchedule(
      List<Node> nodes,
      Set<Node> full,
      Map<Node, Operand> operands,
      List<Store> stores,
      Choices choices) {
    this.nodes = nodes;
    this.full = full;
    this.operands = operands;
    this.stores = stores;
    this.choices = choices;
    nodes.forEach(this::assign);
    stores.stream()
        .filter(store -> isCalled(store.node()))
        .forEach(store -> phases = Math.max(phases, readyIn(store.node()) + 1));
  }

  private void assign(Node node) {
    int phase = 0;
    for (Node input : node.inputs()) {
      if (operands.get(input) instanceof Operand.Computed(Node source)
          && phaseOf.containsKey(source)) {
        phase = Math.max(phase, readyIn(source));
      }
    }
    phaseOf.put(node, phase);
    phases = Math.max(phases, phase + 1);
  }

  /** Numbers of a row are ready in the phase they are assigned to, what a whole row gives in the phase after it. */
  private int readyIn(Node node) {
    boolean ofWholeRow = node.op() instanceof Reduction || isCalled(node);
    return Known.in(phaseOf, node) + (ofWholeRow ? 1 : 0);
  }

  private boolean isCalled(Node node) {
    return full.contains(node)
        && !(operands.get(node) instanceof Operand.Setting)
        && node.op() instanceof MathOp op
        && !op.function().instruction();
  }

  /** The phases, the stores with their times, and what is kept in scratch. */
  record Result(List<Phase> phases, List<Store> stores, List<Node> scratch) {}

  /** @param summands values that are read from memory when the row is done */
  Result result(List<Node> summands) {
    List<Set<Node>> columnValues = columnValues();
    List<Store> timed = timed(columnValues);
    Set<Node> scratch = new LinkedHashSet<>();
    summands.forEach(summand -> keep(summand, timed, scratch));
    for (Node node : nodes) {
      if (isCalled(node)) {
        scratch.add(node);
        node.inputs().stream().skip(1).filter(this::differsAlongRow).forEach(scratch::add);
      }
      for (Node input : node.inputs()) {
        boolean again =
            full.contains(node)
                && isComputed(input)
                && columnValues.get(Known.in(phaseOf, node)).contains(source(input));
        if (isComputed(input)
            && !again
            && (node.op() instanceof Reduction || full.contains(node))) {
          keep(source(input), timed, scratch);
        }
      }
    }
    timed.stream()
        .filter(store -> store.late() && full.contains(store.node()))
        .forEach(store -> scratch.add(store.node()));
    List<Phase> result = new ArrayList<>();
    for (int phase = 0; phase < phases; phase++) {
      int number = phase;
      List<Node> columns = new ArrayList<>(columnValues.get(phase));
      columns.sort(Comparator.comparingInt(Node::id));
      result.add(
          new Phase(
              nodes.stream()
                  .filter(node ->
                      Known.in(phaseOf, node) == number
                          && !full.contains(node)
                          && !(node.op() instanceof Reduction))
                  .toList(),
              columns,
              columns.stream()
                  .filter(node -> Known.in(phaseOf, node) == number && scratch.contains(node))
                  .toList(),
              columns.stream()
                  .filter(node -> Known.in(phaseOf, node) == number && isCalled(node))
                  .toList(),
              nodes.stream()
                  .filter(
                      node -> Known.in(phaseOf, node) == number && node.op() instanceof Reduction)
                  .toList()));
    }
    return new Result(result, timed, List.copyOf(scratch));
  }

  /** What the loop of each phase computes: its own values, and earlier ones again where that is cheap. */
  private List<Set<Node>> columnValues() {
    List<Set<Node>> values = new ArrayList<>();
    for (int phase = 0; phase < phases; phase++) {
      values.add(new LinkedHashSet<>());
    }
    for (Node node : nodes) {
      if (full.contains(node) && node.op() instanceof Elementwise) {
        Set<Node> own = values.get(Known.in(phaseOf, node));
        own.add(node);
        node.inputs().stream()
            .filter(this::isComputed)
            .map(this::source)
            .filter(source ->
                Known.in(phaseOf, source) < Known.in(phaseOf, node)
                    && isCheap(source, CHEAP_DEPTH)
                    && choices.make(PlanChoice.RECOMPUTE_ROWS))
            .forEach(source -> addAgain(source, own));
      }
    }
    return values;
  }

  private boolean isComputed(Node input) {
    return operands.get(input) instanceof Operand.Computed(Node source)
        && full.contains(source)
        && phaseOf.containsKey(source);
  }

  private boolean differsAlongRow(Node input) {
    return switch (operands.get(input)) {
      case Operand.Computed(Node source) -> full.contains(source);
      case Operand.Load load -> !load.access().oneColumn();
      case Operand.Place place -> !place.access().oneColumn();
      case Operand.Known ignored -> false;
      case Operand.Setting ignored -> false;
      case null -> throw new IllegalStateException("loop schedule: no operand " + input);
    };
  }

  private Node source(Node input) {
    return ((Operand.Computed) Known.in(operands, input)).node();
  }

  /** Which of the stores must wait for the end of the row: what they overwrite is read afterwards, perhaps once more. */
  private List<Store> timed(List<Set<Node>> columnValues) {
    List<Store> result = new ArrayList<>();
    for (Store store : stores) {
      int own = phaseOf.getOrDefault(store.node(), 0);
      boolean late =
          isCalled(store.node())
              || readInRows(store, own)
              || readByColumns(store, own, columnValues);
      result.add(new Store(store.node(), store.buffer(), store.access(), late));
    }
    return result;
  }

  /** A row's numbers come before the loop of their phase, its reductions after it. */
  private boolean readInRows(Store store, int own) {
    return nodes.stream()
        .filter(node -> !full.contains(node) && reads(node, store.buffer()))
        .anyMatch(node ->
            Known.in(phaseOf, node) > own
                || Known.in(phaseOf, node) == own && node.op() instanceof Reduction);
  }

  /** In the loop of the store itself, what was loaded before the store is still there after it. */
  private boolean readByColumns(Store store, int own, List<Set<Node>> columnValues) {
    List<Node> readers =
        columnValues.get(own).stream().filter(node -> reads(node, store.buffer())).toList();
    boolean before = readers.stream().anyMatch(node -> node.id() <= store.node().id());
    return !readers.isEmpty() && !before
        || columnValues.subList(own + 1, phases).stream()
            .flatMap(Set::stream)
            .anyMatch(node -> reads(node, store.buffer()));
  }

  private boolean reads(Node reader, Buffer buffer) {
    return reader.inputs().stream()
        .anyMatch(
            input -> operands.get(input) instanceof Operand.Load load && load.buffer() == buffer);
  }

  /** In scratch, unless it goes to memory anyway at once. */
  private void keep(Node source, List<Store> timed, Set<Node> scratch) {
    if (timed.stream().noneMatch(store -> store.node() == source && !store.late())) {
      scratch.add(source);
    }
  }

  private void addAgain(Node node, Set<Node> columns) {
    node.inputs().stream()
        .filter(this::isComputed)
        .forEach(input -> addAgain(source(input), columns));
    columns.add(node);
  }

  private boolean isCheap(Node node, int depth) {
    if (!(node.op() instanceof Elementwise)
        || isCalled(node)
        || depth == 0
        || !phaseOf.containsKey(node)) {
      return false;
    }
    return node.inputs().stream()
        .filter(this::isComputed)
        .allMatch(input -> isCheap(source(input), depth - 1));
  }
}
