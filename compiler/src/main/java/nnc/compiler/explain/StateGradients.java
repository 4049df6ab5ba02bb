package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slice;

/**
 * Which gradients of a recurrence's states the sum over all steps comes to. It counts each way once: what c[t] receives through
 * h[t], another state of the same step, is counted there, so the sum for c is what the step after hands back, δc⁺, and not δc.
 */
final class StateGradients {
  private final DerivationScope outer;
  private final Node recurrence;
  private final Recur recur;

  /** The values of states after a step. */
  private final Map<Node, Formula.Name> states;

  /**
   * @param outer where the gradient stands, and its recurrence
   * @param body of the recurrence
   */
  StateGradients(DerivationScope outer, Node gradient, DerivationScope body) {
    this.outer = outer;
    this.recurrence = gradient.gradientOf().orElseThrow();
    this.recur = (Recur) recurrence.op();
    this.states = body.settled();
  }

  /**
   * In the order of what the steps hand back; nothing if a state is read both by another of the same step and from outside, as
   * there is no name for what it receives without the other.
   */
  Optional<List<Formula.Name>> inSum(List<Formula.Name> handedBack) {
    List<Formula.Name> gradients = new ArrayList<>();
    for (Formula.Name name : handedBack) {
      Optional<Node> state =
          states.keySet().stream()
              .filter(each -> Known.in(states, each).text().equals(name.bare()))
              .findFirst();
      if (state.filter(this::isReadByAnother).isEmpty()) {
        gradients.add(new Formula.Name(name.bare(), true, name.time(), name.scalar()));
      } else if (!isReadFromOutside(state.get())) {
        gradients.add(name);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(gradients);
  }

  private boolean isReadByAnother(Node state) {
    return states.keySet().stream()
        .anyMatch(other -> other != state && isReadBy(other, state, Set.of()));
  }

  /** Not through other states, and not at the last step alone: that is what is handed back to it. */
  private boolean isReadFromOutside(Node state) {
    Set<Node> others = new HashSet<>(states.keySet());
    others.remove(state);
    return outer.nodes().stream()
        .filter(node -> node.op() instanceof Result && node.input(0) == recurrence)
        .filter(node -> outer.readers(node).anyMatch(reader -> !isLast(reader, node, state)))
        .anyMatch(node -> isReadBy(Loop.value(node, (Result) node.op()), state, others));
  }

  private boolean isLast(Node reader, Node result, Node state) {
    return Formulas.base(Loop.value(result, (Result) result.op())) == state
        && reader.op() instanceof Slice slice
        && slice.length() == 1
        && slice.from() == (recur.reverse() ? 0 : recur.length() - 1)
        && Alignments.isFirst(slice.axis(), reader.input(0), result);
  }

  /** Whether a value depends on a state, on ways that do not touch others. */
  private static boolean isReadBy(Node value, Node state, Set<Node> others) {
    Set<Node> seen = new HashSet<>(others);
    List<Node> open = new ArrayList<>(List.of(value));
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (node == state) {
        return true;
      }
      if (seen.add(node)) {
        open.addAll(node.inputs());
      }
    }
    return false;
  }
}
