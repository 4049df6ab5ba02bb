package nnc.cli.diff;

/** What of two models can be compared. */
public enum Stage {
  PARAMETERS,
  GRAPH,
  GRADIENT,
  MEMORY,
  COST,
  TRAINING
}
