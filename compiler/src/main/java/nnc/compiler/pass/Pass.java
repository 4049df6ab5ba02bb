package nnc.compiler.pass;

import java.util.Optional;
import nnc.compiler.ir.Graph;

/** From a graph to one with the same values and less work. */
interface Pass {
  /** What reports call it. */
  String name();

  /** What it keeps, in a line. */
  String law();

  Outcome run(Graph graph);

  /** What is left of it when it is switched off: what brings a graph into the form that the planner reads. */
  default Optional<Pass> canonical() {
    return Optional.empty();
  }

  /** A graph and how often the pass found something. */
  record Outcome(Graph graph, int count) {}
}
