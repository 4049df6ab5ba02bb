package nnc.cli.data;

import java.util.List;

/**
 * Rows in memory, prepared and checked.
 *
 * @param source the file they come from, for messages
 * @param rows at least 1
 * @param columns the values of each input, in the order of the model's inputs
 */
public record Dataset(String source, int rows, List<Column> columns) {
  /**
   * The values of one input.
   *
   * @param perRow how many belong to a row
   * @param values [rows, perRow]
   */
  public record Column(String input, int perRow, float[] values) {}

  public Dataset {
    columns = List.copyOf(columns);
    for (Column column : columns) {
      if (column.values().length != (long) rows * column.perRow()) {
        throw new IllegalArgumentException(
            column.input()
                + ": "
                + rows
                + " rows of "
                + column.perRow()
                + " are not "
                + column.values().length
                + " values");
      }
    }
  }
}
