package nnc.cli.inspect;

/** For whom it is printed: people, programs, Graphviz. */
public enum Format {
  TEXT,
  JSON,
  DOT
}
