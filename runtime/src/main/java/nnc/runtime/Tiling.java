package nnc.runtime;

/** How products are cut: by shape only, so that results do not depend on the machine or the number of threads. */
final class Tiling {
  /** Columns of a packed panel at the largest vector width; narrower machines use a part of it at a time. */
  static final int PANEL = 64;

  /** The most rows of B that are multiplied in one go, so that a panel of them stays in the nearest caches. */
  static final int DEPTH = 256;

  /** Rows of a tile. */
  static final int MOST_ROWS = 128;

  /** Floats in a cache line. */
  static final int LINE = 16;

  private Tiling() {}

  static int height(int m, int n, int k) {
    return Math.ceilDiv(m, Math.ceilDiv(m, MOST_ROWS));
  }

  static int width(int m, int n, int k) {
    return Math.min(n, PANEL);
  }
}
