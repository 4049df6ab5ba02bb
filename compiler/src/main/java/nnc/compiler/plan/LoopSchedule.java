package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.plan.Kernel.Phase;
import nnc.compiler.plan.Kernel.Store;

/**
 * Cuts what happens in a row into phases. A new phase begins where a reduction's result is needed, and where a loop would hold
 * a second polynomial: with two, registers spill. What a later phase needs again is computed again if that is cheap, else kept
 * in scratch memory.
 */
final class LoopSchedule {
  private static final int MOST_POLYNOMIALS = 1;
  private static final int CHEAP_DEPTH = 2;

  private final List<Node> nodes;
  private final Set<Node> full;
  private final Map<Node, Operand> operands;
  private final List<Store> stores;
  private final Map<Node, Integer> phaseOf = new HashMap<>();
  private final Map<Integer, Integer> polynomials = new HashMap<>();
  private int phases = 1;

  LoopSchedule(List<Node> nodes, Set<Node> full, Map<Node, Operand> operands, List<Store> stores) {
    this.nodes = nodes;
    this.full = full;
    this.operands = operands;
    this.stores = stores;
    nodes.forEach(this::assign);
  }

  /** Numbers of a row are ready in the phase they are assigned to; a reduction's in the phase after it. */
  private void assign(Node node) {
    int phase = 0;
    for (Node input : node.inputs()) {
      if (operands.get(input) instanceof Operand.Computed(Node source) && phaseOf.containsKey(source)) {
        phase = Math.max(phase, phaseOf.get(source) + (source.op() instanceof Reduction ? 1 : 0));
      }
    }
    if (full.contains(node) && node.op() instanceof Elementwise op) {
      int own = op.polynomials();
      while (own > 0 && polynomials.getOrDefault(phase, 0) > 0 && polynomials.get(phase) + own > MOST_POLYNOMIALS) {
        phase++;
      }
      polynomials.merge(phase, own, Integer::sum);
    }
    phaseOf.put(node, phase);
    phases = Math.max(phases, phase + 1);
  }

  /** Which of the stores must wait for the end of the row: what they overwrite is read in a later phase. */
  private List<Store> lateStores() {
    List<Store> result = new ArrayList<>();
    for (Store store : stores) {
      int own = phaseOf.getOrDefault(store.node(), 0);
      boolean late = nodes.stream().anyMatch(reader -> phaseOf.get(reader) > own && reader.inputs().stream()
          .anyMatch(input -> operands.get(input) instanceof Operand.Load load && load.buffer() == store.buffer()));
      result.add(new Store(store.node(), store.buffer(), store.access(), late));
    }
    return result;
  }

  /** The phases, the stores with their times, and what is kept in scratch. */
  record Result(List<Phase> phases, List<Store> stores, List<Node> scratch) {}

  /** @param summands values that are read from memory when the row is done */
  Result result(List<Node> summands) {
    List<Store> timed = lateStores();
    Set<Node> scratch = new LinkedHashSet<>();
    summands.forEach(summand -> keep(summand, timed, scratch));
    List<Set<Node>> columnValues = new ArrayList<>();
    for (int phase = 0; phase < phases; phase++) {
      columnValues.add(new LinkedHashSet<>());
    }
    for (Node node : nodes) {
      if (full.contains(node) && node.op() instanceof Elementwise) {
        columnValues.get(phaseOf.get(node)).add(node);
      }
    }
    for (Node node : nodes) {
      int phase = phaseOf.get(node);
      for (Node input : node.inputs()) {
        if (!(operands.get(input) instanceof Operand.Computed(Node source)) || !full.contains(source) || !phaseOf.containsKey(source)) {
          continue;
        }
        if (node.op() instanceof Reduction) {
          keep(source, timed, scratch);
        } else if (full.contains(node) && phaseOf.get(source) < phase) {
          if (isCheap(source, CHEAP_DEPTH)) {
            addAgain(source, columnValues.get(phase));
          } else {
            keep(source, timed, scratch);
          }
        }
      }
    }
    timed.stream().filter(store -> store.late() && full.contains(store.node())).forEach(store -> scratch.add(store.node()));
    List<Phase> result = new ArrayList<>();
    for (int phase = 0; phase < phases; phase++) {
      int number = phase;
      List<Node> columns = new ArrayList<>(columnValues.get(phase));
      columns.sort(Comparator.comparingInt(Node::id));
      result.add(new Phase(
          nodes.stream().filter(node -> phaseOf.get(node) == number && !full.contains(node) && !(node.op() instanceof Reduction)).toList(),
          columns,
          columns.stream().filter(node -> phaseOf.get(node) == number && scratch.contains(node)).toList(),
          nodes.stream().filter(node -> phaseOf.get(node) == number && node.op() instanceof Reduction).toList()));
    }
    return new Result(result, timed, List.copyOf(scratch));
  }

  /** In scratch, unless it goes to memory anyway at once. */
  private void keep(Node source, List<Store> timed, Set<Node> scratch) {
    if (timed.stream().noneMatch(store -> store.node() == source && !store.late())) {
      scratch.add(source);
    }
  }

  private void addAgain(Node node, Set<Node> columns) {
    for (Node input : node.inputs()) {
      if (operands.get(input) instanceof Operand.Computed(Node source) && full.contains(source) && phaseOf.containsKey(source)) {
        addAgain(source, columns);
      }
    }
    columns.add(node);
  }

  private boolean isCheap(Node node, int depth) {
    if (!(node.op() instanceof Elementwise op) || op.polynomials() > 0 || depth == 0 || !phaseOf.containsKey(node)) {
      return false;
    }
    for (Node input : node.inputs()) {
      if (operands.get(input) instanceof Operand.Computed(Node source) && full.contains(source) && !isCheap(source, depth - 1)) {
        return false;
      }
    }
    return true;
  }
}
