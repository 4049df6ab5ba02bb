package nnc.compiler.plan;

import nnc.compiler.ir.Size;

/** How work is cut into pieces: by shape alone, so that results do not depend on the number of threads. */
public final class Grain {
  /**
   * Places in a piece of a loop over one long row, a multiple of every vector: so few that all that the loops of a kernel read
   * and write is still in the nearest cache when the next of them begins.
   */
  public static final int COLUMNS = 1024;

  /** Searches in a piece. */
  public static final int DRAWS = 256;

  private static final int PLACES = 8192;

  private Grain() {}

  /** Rows in a piece, when a row has that many columns. */
  public static int rows(Size columns) {
    return (int) Math.max(1, PLACES / columns.maximum());
  }

  /** Columns in a piece of a scatter-add: whole cache lines, and some pieces for threads to share. */
  public static int scatteredColumns(Size width) {
    return (int) Math.min(64, padded(Math.ceilDiv(width.maximum(), 4)));
  }

  /** Floats of scratch memory for a row, rounded up to cache lines. */
  public static long padded(long columns) {
    return (columns + 15) / 16 * 16;
  }
}
