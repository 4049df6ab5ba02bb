package nnc.runtime;

/**
 * How products are cut: by shape, but for the width of tiles that go through a large right operand, which is by threads too. No
 * result depends on it, as each element of a product is one chain of operations, wherever tiles begin.
 */
final class Tiling {
  /** Columns of a packed panel at the largest vector width; narrower machines use a part of it at a time. */
  static final int PANEL = 64;

  /** The most rows of B that are multiplied in one go, so that a panel of them stays in the nearest caches. */
  static final int DEPTH = 256;

  /** The most rows of a tile. Where there are more, all tiles share one packed B. */
  static final int MOST_ROWS = 128;

  /** Up to so many rows, B is used in place. */
  static final int FEW_ROWS = 4;

  /** Floats in a cache line. */
  static final int LINE = 16;

  /** Where a worker's scratch has room for a part of B that is transposed: behind a panel of B, half a panel of C, and alignment. */
  static final int TRANSPOSED = DEPTH * PANEL + MOST_ROWS * PANEL / 2 + 2 * LINE;

  /** What a tile may need besides its operands. */
  static final int SCRATCH = TRANSPOSED + LINE * PANEL;

  /** Columns of a tile with few rows: long enough to read B at the speed of memory. */
  private static final int FEW_ROWS_WIDTH = 256;

  /** As much of A as stays in a thread's own caches while B goes by. */
  private static final int BAND = 1 << 17;

  /** A right operand of which all panels stay in a thread's own caches while A goes by, in floats. */
  private static final int SMALL = 1 << 16;

  /** A right operand that does not stay there, by far. */
  private static final int LARGE = 1 << 20;

  /** The fewest rows of a tile that has been cut only to make more tiles: whole blocks of six. */
  private static final int LEAST_ROWS = 24;

  /** How many tiles keep a team busy, and the work (multiply-adds) below which another tile does not pay. */
  private static final long ENOUGH_TILES = 8;

  private static final long TILE_WORK = 250_000;

  private Tiling() {}

  static int width(int m, int n, int k) {
    return Math.min(n, m <= FEW_ROWS ? FEW_ROWS_WIDTH : PANEL);
  }

  /**
   * The width of tiles when so many threads share them. Where B is used in place, and is too large to stay in a thread's own
   * caches until the next tile comes by, each thread has a single one, of many panels: then B is read once, row by row.
   */
  static int width(int m, int n, int k, int threads) {
    int width = width(m, n, k);
    if (m <= FEW_ROWS || m > MOST_ROWS || (long) k * n < LARGE) {
      return width;
    }
    return Math.min(n, Math.ceilDiv(Math.ceilDiv(n, PANEL), threads) * PANEL);
  }

  /** How many tiles below one another are computed before those to their right. */
  static int together(int height, int n, int k) {
    return (long) k * n <= SMALL ? 1 : (int) Math.max(1, BAND / ((long) height * k));
  }

  static int height(int m, int n, int k) {
    long across = Math.ceilDiv(n, width(m, n, k));
    // Half a panel is the least that is computed.
    long work = (long) m * k * Math.max(n, PANEL / 2);
    long wanted = Math.min(ENOUGH_TILES, work / TILE_WORK);
    long height = Math.max(LEAST_ROWS, m * across / Math.max(1, wanted));
    int down = Math.ceilDiv(m, (int) Math.min(height, MOST_ROWS));
    return Math.min(m, Math.ceilDiv(Math.ceilDiv(m, down), 2) * 2);
  }
}
