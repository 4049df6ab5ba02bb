package nnc.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products with vectors of the machine's width: panels of B, at most {@link Tiling#DEPTH} rows deep, are multiplied
 * by blocks of a few rows of A whose results stay in registers.
 */
final class VectorProducts implements Products {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** With 32 vector registers a block may be four vectors wide; with 16, two. */
  static final boolean WIDE = LANES == 16 || System.getProperty("os.arch").equals("aarch64");

  @Override
  public void pack(
      Worker worker,
      float[] b, int bOff, int bRow, int bCol,
      int m, int k, int n,
      float[] packed, int packedOff) {
    if (!Products.packs(m, k, n)) {
      return;
    }
    int start = aligned(packedOff);
    for (worker.rows(n, Tiling.PANEL); worker.next(); ) {
      for (int j = worker.from, width; j < worker.to; j += width) {
        width = panelWidth(n - j);
        VectorPanels.pack(
            b, bOff + j * bCol, bRow, bCol, k, Math.min(width, n - j), packed, start + j * k, width);
      }
    }
    worker.join();
  }

  @Override
  public void tile(
      Worker worker,
      float[] a, int aOff, int aRow, int aCol,
      float[] b, int bOff, int bRow, int bCol,
      float[] packed, int packedOff,
      float[] c, int cOff, int cRow,
      int m, int k, int n,
      boolean add) {
    boolean shared = Products.packs(m, k, n);
    int depth = Math.ceilDiv(k, Math.ceilDiv(k, Tiling.DEPTH));
    int rows = worker.row1 - worker.row0;
    int aStart = aOff + worker.row0 * aRow;
    int cStart = cOff + worker.row0 * cRow;
    for (int j = worker.col0, width; j < worker.col1; j += width) {
      width = panelWidth(n - j);
      int columns = Math.min(width, n - j);
      for (int p = 0; p < k; p += depth) {
        int d = Math.min(depth, k - p);
        float[] panel = packed;
        int panelOff = aligned(packedOff) + j * k + p * width;
        if (!shared) {
          panel = worker.panel();
          panelOff = aligned(0);
          VectorPanels.pack(b, bOff + p * bRow + j * bCol, bRow, bCol, d, columns, panel, panelOff, width);
        }
        multiply(
            a, aStart + p * aCol, aRow, aCol, panel, panelOff, width, c, cStart + j, cRow, rows, d, columns,
            add || p > 0);
      }
    }
  }

  private static void multiply(
      float[] a, int aOff, int aRow, int aCol,
      float[] panel, int panelOff, int width,
      float[] c, int cOff, int cRow,
      int rows, int depth, int columns, boolean add) {
    boolean wide = width == 4 * LANES;
    for (int i = 0, group; i < rows; i += group) {
      int left = rows - i;
      group = Math.min(6, left);
      int aRows = aOff + i * aRow;
      int cRows = cOff + i * cRow;
      if (!wide) {
        VectorBlocks.sixByTwo(a, aRows, aRow, aCol, panel, panelOff, c, cRows, cRow, group, depth, columns, add);
      } else if (left == 4 || left == 8) {
        group = 4;
        VectorBlocks.fourByFour(a, aRows, aRow, aCol, panel, panelOff, c, cRows, cRow, group, depth, add);
      } else {
        VectorBlocks.sixByFour(a, aRows, aRow, aCol, panel, panelOff, c, cRows, cRow, group, depth, add);
      }
    }
  }

  /** The width of the panel that begins where so many columns are left. */
  private static int panelWidth(int left) {
    return WIDE && left >= 4 * LANES ? 4 * LANES : 2 * LANES;
  }

  /** The first index from {@code off} on that begins a cache line, in a large array of the default collector. */
  private static int aligned(int off) {
    return off + (12 - off & Tiling.LINE - 1);
  }

  @Override
  public String toString() {
    return SPECIES.vectorBitSize() + "-bit vectors";
  }
}
