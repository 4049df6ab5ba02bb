package nnc.runtime;

/**
 * Reductions over a row of n floats from an offset, and uniform random rows. Every implementation
 * gives the same bits.
 *
 * <p><b>Sums</b> ({@link #sum}, {@link #dot}, {@link #sumOfSquares}) run in 64 virtual lanes:
 * sixteen lanes, four accumulators each. Lane l adds the elements l, l + 64, l + 128, … in order,
 * starting from 0. Then lanes are added in halves: l and l + 32, then l and l + 16, 8, 4, 2, 1.
 * Products enter by fused multiply-add; a sum of zero is +0. So the result depends neither on the
 * vector width nor on the number of threads.
 *
 * <p><b>Extremes</b>: NaN wins over everything, so that it is never hidden; +0 is above -0 in a
 * value, and equal to it for an index. Of equal elements the first wins.
 *
 * <p>An empty row sums to 0, has the maximum -inf, the minimum +inf and the index -1. Offsets
 * outside the array end in {@link IndexOutOfBoundsException}.
 */
public interface Rows {

  /** The sum of x[off .. off + n). */
  float sum(float[] x, int off, int n);

  /** The sum over i of x[xOff + i] y[yOff + i]. */
  float dot(float[] x, int xOff, float[] y, int yOff, int n);

  /** The sum over i of x[off + i]^2. */
  float sumOfSquares(float[] x, int off, int n);

  /** The largest element; NaN if there is one. */
  float max(float[] x, int off, int n);

  /** The smallest element; NaN if there is one. */
  float min(float[] x, int off, int n);

  /** The index, from 0, of the first largest element; of the first NaN if there is one. */
  int argmax(float[] x, int off, int n);

  /** The index, from 0, of the first smallest element; of the first NaN if there is one. */
  int argmin(float[] x, int off, int n);

  /** The index, from 0, of the first element that is infinite or NaN; -1 if all are finite. */
  int firstNonFinite(float[] x, int off, int n);

  /**
   * For each column j in [col0, col1): y[yOff + j], or 0 unless {@code add}, plus x[off + r
   * rowStride + j] for the rows r from 0 on, one after the other. Threads may share the columns out
   * in any way.
   */
  void columnSums(
      float[] x,
      int off,
      int rowStride,
      int rows,
      int col0,
      int col1,
      float[] y,
      int yOff,
      boolean add);

  /**
   * For each column j in [col0, col1): the maximum over rows r of x[off + r rowStride + j], stored in
   * y[yOff + j].
   */
  void columnMax(
      float[] x, int off, int rowStride, int rows, int col0, int col1, float[] y, int yOff);

  /**
   * Adds windows up where they overlap: row l of the {@code length} rows of columns at y[yOff] is the sum of the rows x[off +
   * i placeStride + j sizeStride] for which i stride + j dilation = l, in the order of the j; 0 where there is none.
   */
  void overlapAdd(
      float[] x,
      int off,
      int places,
      int placeStride,
      int size,
      int sizeStride,
      int stride,
      int dilation,
      int columns,
      float[] y,
      int yOff,
      int length);

  /**
   * Looks rows up: for each place i in [from, to), y[yOff + i width .. + width) = table[tableOff + id
   * width .. + width), where id = ids[idsOff + i].
   *
   * @param rows how many rows the table has
   * @throws UnknownRowException if an id is no whole number from 0 to rows - 1
   */
  static void gather(
      float[] ids,
      int idsOff,
      int from,
      int to,
      float[] table,
      int tableOff,
      int rows,
      int width,
      float[] y,
      int yOff) {
    for (int i = from; i < to; i++) {
      int row = RowId.checked(ids[idsOff + i], i, rows);
      System.arraycopy(table, tableOff + row * width, y, yOff + i * width, width);
    }
  }

  /**
   * Adds values to the rows of a table that ids name: for the places i from 0 to n - 1, one after the
   * other, and each column j in [col0, col1), y[yOff + id width + j] += x[off + i width + j], where id
   * = ids[idsOff + i]. Threads may share the columns out in any way.
   *
   * @param rows how many rows the table has
   * @throws UnknownRowException if an id is no whole number from 0 to rows - 1
   */
  void scatterAdd(
      float[] ids,
      int idsOff,
      int n,
      float[] x,
      int off,
      int width,
      int col0,
      int col1,
      float[] y,
      int yOff,
      int rows);

  /** The elements first, first + 1, … of {@link Philox#uniform}, in [0, 1). */
  void uniform(long seed, long stream, long step, long first, float[] y, int off, int n);

  /** The implementation in plain Java: obviously right, and slow. */
  static Rows scalar() {
    return new ScalarRows();
  }
}
