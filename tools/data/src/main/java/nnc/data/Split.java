package nnc.data;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.IntStream;
import nnc.runtime.Philox;

/**
 * Rows to train on, and rows held out to judge by: each row is in exactly one part.
 *
 * @param train row numbers, ascending, at least one
 * @param heldOut row numbers, ascending, at least one
 */
public record Split(int[] train, int[] heldOut) {
  private static final String REMEDY =
      "write 'hold out 20%', or a number of rows below that of the file";

  public Split {
    if (train.length < 1 || heldOut.length < 1) {
      throw new IllegalArgumentException("both parts of a split have rows");
    }
  }

  /**
   * Draws the rows to hold out: the first ones of {@link Philox#permutation} under the stream
   * {@code hold out}. So the same rows and seed give the same split for ever, on any machine.
   *
   * @param rows how many there are
   * @param amount how many to hold out, or the hundredth part of them if {@code percent}, rounded
   *     to the nearest row
   * @throws DataException if the amount is no number of rows, or leaves one of the parts empty
   */
  public static Split holdOut(int rows, double amount, boolean percent, long seed) {
    int held = held(rows, amount, percent, 1);
    int[] order = Philox.permutation(seed, Philox.stream("hold out"), rows);
    int[] heldOut = Arrays.copyOfRange(order, 0, held);
    int[] train = Arrays.copyOfRange(order, held, rows);
    Arrays.sort(heldOut);
    Arrays.sort(train);
    return new Split(train, heldOut);
  }

  /**
   * Holds out the last rows, for rows that are pieces of one text.
   *
   * @param overlap how many rows before a row share symbols with it: these are in neither part
   * @throws DataException as {@link #holdOut}
   */
  public static Split end(int rows, double amount, boolean percent, int overlap) {
    int held = held(rows, amount, percent, 1 + overlap);
    return new Split(
        IntStream.range(0, rows - held - overlap).toArray(),
        IntStream.range(rows - held, rows).toArray());
  }

  /** @param rest how many rows there must be besides */
  private static int held(int rows, double amount, boolean percent, int rest) {
    double exact = percent ? rows * (amount / 100) : amount;
    double held = percent ? Math.rint(exact) : exact;
    if (held != Math.rint(held)) {
      throw new DataException(
          clause(amount, percent), "expected a whole number of rows, found a fraction", REMEDY);
    }
    if (!(held >= 1 && held <= (double) rows - rest)) {
      throw new DataException(
          clause(amount, percent),
          "expected at least one row to hold out and one to train on, found "
              + plain(held)
              + " of "
              + rows
              + (rows == 1 ? " row" : " rows"),
          REMEDY);
    }
    return (int) held;
  }

  private static String clause(double amount, boolean percent) {
    return "hold out " + plain(amount) + (percent ? "%" : "");
  }

  private static String plain(double amount) {
    return Double.isFinite(amount)
        ? new BigDecimal(Double.toString(amount)).stripTrailingZeros().toPlainString()
        : Double.toString(amount);
  }
}
