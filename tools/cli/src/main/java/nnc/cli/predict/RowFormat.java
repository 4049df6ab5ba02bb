package nnc.cli.predict;

/** How rows are written: as numbers with commas between them, as JSON objects, or as texts, one a line. */
public enum RowFormat {
  CSV,
  JSON,
  TEXT
}
