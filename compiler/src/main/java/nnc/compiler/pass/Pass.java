package nnc.compiler.pass;

import nnc.compiler.ir.Graph;

/** From a graph to one with the same values and less work. */
interface Pass {
  /** What reports call it. */
  String name();

  /** What it keeps, in a line. */
  String law();

  Outcome run(Graph graph);

  /** A graph and how often the pass found something. */
  record Outcome(Graph graph, int count) {}
}
