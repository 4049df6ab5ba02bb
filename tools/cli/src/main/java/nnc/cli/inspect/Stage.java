package nnc.cli.inspect;

/** What can be printed of a compilation, in the order of the pipeline. */
public enum Stage {
  AST,
  GRAPH,
  GRADIENT,
  OPTIMIZED,
  PLAN,
  MEMORY,
  COST,
  JAVA;

  public boolean hasJson() {
    return this != AST && this != JAVA;
  }

  public boolean hasDot() {
    return this == GRAPH || this == GRADIENT || this == OPTIMIZED || this == PLAN;
  }
}
