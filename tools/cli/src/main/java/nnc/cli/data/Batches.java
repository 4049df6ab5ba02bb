package nnc.cli.data;

import java.util.ArrayList;
import java.util.List;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Cuts rows into batches and feeds them to a session; the last batch has what is left. */
public final class Batches {
  private final Dataset data;
  private final Session session;
  private final int most;
  private final int[] inputs;
  private final List<float[]> gathered = new ArrayList<>();

  public Batches(Dataset data, Session session) {
    Signature signature = session.model().signature();
    this.data = data;
    this.session = session;
    this.most = signature.maximum();
    this.inputs =
        data.columns().stream()
            .mapToInt(column -> signature.inputs().indexOf(signature.input(column.input())))
            .toArray();
    data.columns()
        .forEach(column ->
            gathered.add(
                new float[Math.multiplyExact(Math.min(most, data.rows()), column.perRow())]));
  }

  /** How many batches that many rows make. */
  public int count(int rows) {
    return Math.ceilDiv(rows, most);
  }

  /**
   * Feeds the batch of that number.
   *
   * @param order numbers of rows, in the order in which they are visited
   * @return the number of its rows
   */
  public int feed(int batch, int[] order) {
    int from = batch * most;
    int rows = Math.min(most, order.length - from);
    for (int i = 0; i < inputs.length; i++) {
      Dataset.Column column = data.columns().get(i);
      float[] values = gathered.get(i);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(
            column.values(),
            order[from + row] * column.perRow(),
            values,
            row * column.perRow(),
            column.perRow());
      }
      session.feed(inputs[i], values, 0, rows * column.perRow());
    }
    return rows;
  }
}
