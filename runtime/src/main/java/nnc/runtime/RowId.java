package nnc.runtime;

/** Ids of rows: whole numbers that lie as floats in memory, since all elements do. */
public final class RowId {
  private RowId() {}

  /**
   * An id as the number of a row of a table.
   *
   * @param place of the id among all that are looked up, for the message
   * @throws UnknownRowException if the table has no such row
   */
  public static int checked(double id, int place, int rows) {
    int row = (int) id;
    if (row < 0 || row >= rows || row != id) {
      throw new UnknownRowException(id, place, rows);
    }
    return row;
  }
}
