package nnc.cli.gradflow;

import java.util.List;
import java.util.Set;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;

/**
 * A value of the model that is looked at, with its gradient.
 *
 * @param path its layer, or its name; with a star for each repeat around it whose turns have parts of their own
 * @param alias what the author calls it, where that is not the path; else empty
 * @param depth 1 for what the model itself names, one more for each layer around it
 * @param loops it is computed in, the outermost first
 * @param state whether it is what a recurrence hands from step to step
 * @param below the values that it is computed from, by number, with none in between; {@link #PARAMETER} for parameters
 */
record Tap(
    int number,
    String path,
    String alias,
    int depth,
    Node node,
    List<Loop> loops,
    boolean state,
    Activation activation,
    Set<Source> below) {
  /** Stands for any parameter. */
  static final int PARAMETER = -1;

  /**
   * Where a value comes from.
   *
   * @param carried whether by way of the turn before
   */
  record Source(int tap, boolean carried) {}

  /**
   * A loop of the graph.
   *
   * @param recurrence its node
   * @param turns whether its steps are the turns of a repeat, and not those of time
   */
  record Loop(Node recurrence, Recur recur, boolean turns) {}

  /** How a value is made, as far as it can die or saturate. */
  enum Activation {
    RELU,
    SIGMOID,
    TANH,
    OTHER
  }

  /** The loop over time whose state it is. */
  Loop time() {
    return loops.getLast();
  }

  /** Whether it decides at each step of a recurrence what is let through; what is handed from step to step does not. */
  boolean isGate() {
    return activation == Activation.SIGMOID
        && !state
        && loops.stream().anyMatch(loop -> !loop.turns());
  }

  /** How many turns of repeats it has. */
  int turns() {
    return loops.stream()
        .filter(Loop::turns)
        .mapToInt(loop -> loop.recur().length())
        .reduce(1, Math::multiplyExact);
  }

  boolean readsParameters() {
    return below.stream().anyMatch(source -> source.tap() == PARAMETER);
  }
}
