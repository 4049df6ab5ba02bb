package nnc.data;

/**
 * The numbers of a source in memory.
 *
 * @param source the file's name as the user wrote it, or {@code standard input}
 * @param rows at least 1
 * @param columns at least 1: the chosen ones, in the order in which they were chosen
 * @param values [rows, columns], row-major; not copied
 */
public record Table(String source, int rows, int columns, float[] values) {
  public Table {
    if (rows < 1 || columns < 1 || values.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "a table of " + rows + " x " + columns + " does not have " + values.length + " values");
    }
  }

  public float at(int row, int column) {
    return values[row * columns + column];
  }

  /**
   * Copies {@code count} neighbouring columns of a row, {@code column} and those after it, to
   * {@code to[at …]}.
   */
  public void copy(int row, int column, int count, float[] to, int at) {
    System.arraycopy(values, row * columns + column, to, at, count);
  }
}
