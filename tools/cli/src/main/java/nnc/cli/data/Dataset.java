package nnc.cli.data;

import java.util.List;
import java.util.Map;

/**
 * Rows that are visited in any order.
 *
 * @param source the file they come from, for messages
 * @param rows at least 1
 * @param columns the values of each input, in the order of the model's inputs
 * @param order whether rows may be drawn
 * @param unknown the share of symbols that are in no vocabulary, by field
 * @param remarks what the user should know of them
 */
public record Dataset(
    String source,
    int rows,
    List<Column> columns,
    RowOrder order,
    Map<String, Double> unknown,
    List<String> remarks) {

  /**
   * How rows follow each other. Those of one text are held out at its end, not drawn: neighbours share symbols.
   *
   * @param continuous whether they are pieces of one text
   * @param overlap how many rows behind a row share symbols with it
   */
  public record RowOrder(boolean continuous, int overlap) {
    static final RowOrder ANY = new RowOrder(false, 0);
  }

  public Dataset {
    columns = List.copyOf(columns);
    unknown = Map.copyOf(unknown);
    remarks = List.copyOf(remarks);
  }

  /** Rows of a table, that have nothing to do with each other. */
  static Dataset of(String source, int rows, List<Column> columns) {
    return new Dataset(source, rows, columns, RowOrder.ANY, Map.of(), List.of());
  }
}
