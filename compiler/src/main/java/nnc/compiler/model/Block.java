package nnc.compiler.model;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.source.Span;

/** A block whose statements stand for several steps, turns or heads: what they compute is not known outside of it. */
interface Block {
  /** Where it says how many. */
  Span heading();

  /**
   * Called where a gradient is asked for inside of the block: what comes into it from outside, or from the step before, stands
   * there as if nothing led to it.
   *
   * @param read what the value that is differentiated is computed from
   * @param by what it is differentiated by
   * @param behind what that is computed from
   */
  default void requireTotal(Set<Node> read, Node by, Set<Node> behind, Span place) {}

  /**
   * Whether a gradient would miss what leads through slots.
   *
   * @param states slots for what the step before has left
   * @param parts slots by what they are a step's part of
   */
  static boolean hides(
      Collection<Node> states, Map<Node, Node> parts, Set<Node> read, Node by, Set<Node> behind) {
    boolean ofTheStep =
        states.stream().anyMatch(behind::contains)
            || parts.values().stream().anyMatch(behind::contains);
    return !ofTheStep
        && (states.stream().anyMatch(read::contains)
            || parts.entrySet().stream()
                .anyMatch(part ->
                    read.contains(part.getValue())
                        && Graph.needed(List.of(part.getKey())).contains(by)));
  }
}
