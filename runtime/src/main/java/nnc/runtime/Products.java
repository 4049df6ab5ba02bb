package nnc.runtime;

/**
 * Matrix products C[m x n] = A[m x k] B[k x n] in single precision, over parts of {@code float[]}.
 *
 * <p>A and B are read with two strides each, so a transposed operand is the same memory with its strides exchanged. The
 * product of a whole region, and what is done to its result while that is still in the caches:
 *
 * <pre>{@code
 * products.pack(worker, b, bOff, bRow, bCol, m, k, n, packed, packedOff);
 * for (worker.tiles(m, n, k); worker.next(); ) {
 *   products.tile(worker, a, aOff, aRow, aCol, b, bOff, bRow, bCol, packed, packedOff, c, cOff, cRow, m, k, n, false);
 *   … rows [worker.row0, worker.row1) and columns [worker.col0, worker.col1) of C are final
 * }
 * worker.join();
 * }</pre>
 *
 * <p>Every element of C is one chain of fused multiply-adds over p = 0 … k-1, in that order, beginning with 0 or, when
 * adding, with the element itself. All implementations therefore agree to the last bit.
 *
 * <p>Extents m, k and n are at least 1. C must not overlap the operands; the packed part may be anywhere else in the same
 * array.
 */
public interface Products {
  /** How many floats {@link #pack} may write for a right operand [k x n], alignment included. */
  static int packedLength(int k, int n) {
    int panels = Math.ceilDiv(n, Tiling.PANEL);
    return Math.addExact(
        Math.multiplyExact(Math.multiplyExact(panels, Tiling.PANEL), k), Tiling.LINE);
  }

  /**
   * Whether B is packed first, by all workers, for products with so many rows altogether. Few do not repay it: then B is
   * used in place, or each tile packs the part it needs for itself.
   */
  static boolean packs(int m) {
    return m > Tiling.MOST_ROWS;
  }

  /**
   * Packs B[k x n] for products with m rows altogether, those of one product or of all that a loop computes with the same
   * B: a whole region, with its barrier. Where {@code packs(m)} is false it does nothing and does not wait.
   *
   * <p>Element (p, j) of B is {@code b[bOff + p * bRow + j * bCol]}.
   *
   * @param packed at least {@link #packedLength} floats from {@code packedOff} on
   */
  void pack(
      Worker worker,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      int m,
      int k,
      int n,
      float[] packed,
      int packedOff);

  /**
   * Computes the worker's current tile of C = A B, or C = C + A B if {@code add}.
   *
   * <p>Element (i, p) of A is {@code a[aOff + i * aRow + p * aCol]}, (p, j) of B is {@code b[bOff + p * bRow + j * bCol]},
   * (i, j) of C is {@code c[cOff + i * cRow + j]}.
   *
   * @param packed where {@link #pack} has put B; not read where {@code packs(m)} is false
   * @param m what {@link #pack} was told
   */
  void tile(
      Worker worker,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] packed,
      int packedOff,
      float[] c,
      int cOff,
      int cRow,
      int m,
      int k,
      int n,
      boolean add);

  /** Computes a whole product C = A B on this worker alone, inside of a region's piece; operands as in {@link #tile}. */
  default void multiply(
      Worker worker,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      int m,
      int k,
      int n) {
    int height = Math.min(m, Tiling.MOST_ROWS); // so that tiles pack what they need
    int width = Tiling.width(height, n, k);
    for (worker.col0 = 0; worker.col0 < n; worker.col0 = worker.col1) {
      worker.col1 = Math.min(worker.col0 + width, n);
      for (worker.row0 = 0; worker.row0 < m; worker.row0 = worker.row1) {
        worker.row1 = Math.min(worker.row0 + height, m);
        tile(
            worker, a, aOff, aRow, aCol, b, bOff, bRow, bCol, b, 0, c, cOff, cRow, height, k, n,
            false);
      }
    }
  }

  /** Runs tiny products until the JVM has compiled the loops that matter; see {@link Provider#warmUp}. */
  default void warmUp() {}
}
