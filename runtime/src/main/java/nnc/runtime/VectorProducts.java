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
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      int m,
      int k,
      int n,
      float[] packed,
      int packedOff) {
    if (!Products.packs(m)) {
      return;
    }
    int start = aligned(packedOff);
    for (worker.rows(n, Tiling.PANEL); worker.next(); ) {
      for (int j = worker.from, width; j < worker.to; j += width) {
        width = panelWidth(n - j);
        VectorPanels.pack(
            b,
            bOff + j * bCol,
            bRow,
            bCol,
            k,
            Math.min(width, n - j),
            packed,
            start + j * k,
            width,
            worker.scratch());
      }
    }
    worker.join();
  }

  @Override
  public void tile(
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
      boolean add) {
    int rows = worker.row1 - worker.row0;
    if (rows <= Tiling.FEW_ROWS && bCol == 1) {
      VectorStrips.multiply(
          a,
          aOff + worker.row0 * aRow,
          aRow,
          aCol,
          b,
          bOff + worker.col0,
          bRow,
          c,
          cOff + worker.row0 * cRow + worker.col0,
          cRow,
          rows,
          k,
          worker.col1 - worker.col0,
          add);
      return;
    }
    int depth = Math.ceilDiv(k, Math.ceilDiv(k, Tiling.DEPTH));
    int aStart = aOff + worker.row0 * aRow;
    int cStart = cOff + worker.row0 * cRow;
    for (int p = 0; p < k; p += depth) {
      int d = Math.min(depth, k - p);
      for (int j = worker.col0, width; j < worker.col1; j += width) {
        width = panelWidth(n - j);
        int columns = Math.min(width, n - j);
        float[] panel = packed;
        int panelOff = aligned(packedOff) + j * k + p * width;
        if (!Products.packs(m)) {
          panel = worker.scratch();
          panelOff = aligned(Tiling.MOST_ROWS * 2 * LANES);
          VectorPanels.pack(
              b,
              bOff + p * bRow + j * bCol,
              bRow,
              bCol,
              d,
              columns,
              panel,
              panelOff,
              width,
              worker.scratch());
        }
        // Blocks are whole; where C is narrower, they go to a place of the worker's own first.
        boolean narrow = columns < width;
        float[] out = narrow ? worker.scratch() : c;
        int outOff = narrow ? 0 : cStart + j;
        int outRow = narrow ? width : cRow;
        if (narrow && (add || p > 0)) {
          VectorPanels.copy(c, cStart + j, cRow, rows, columns, out, outOff, outRow);
        }
        multiply(
            a,
            aStart + p * aCol,
            aRow,
            aCol,
            panel,
            panelOff,
            width,
            out,
            outOff,
            outRow,
            rows,
            d,
            add || p > 0);
        if (narrow) {
          VectorPanels.copyBack(out, outOff, outRow, rows, columns, c, cStart + j, cRow);
        }
      }
    }
  }

  /** C[rows x width] (+)= A[rows x depth] panel, block by block. */
  private static void multiply(
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] panel,
      int panelOff,
      int width,
      float[] c,
      int cOff,
      int cRow,
      int rows,
      int depth,
      boolean add) {
    boolean wide = width == 4 * LANES;
    for (int i = 0, group; i < rows; i += group) {
      int left = rows - i;
      group = Math.min(6, left);
      int aStart = aOff + i * aRow;
      int cStart = cOff + i * cRow;
      if (!wide) {
        VectorBlocks.sixByTwo(
            a, aStart, aRow, aCol, panel, panelOff, c, cStart, cRow, group, depth, add);
      } else if (left <= 4 || left == 8) {
        group = Math.min(4, left);
        VectorBlocks.fourByFour(
            a, aStart, aRow, aCol, panel, panelOff, c, cStart, cRow, group, depth, add);
      } else {
        VectorBlocks.sixByFour(
            a, aStart, aRow, aCol, panel, panelOff, c, cStart, cRow, group, depth, add);
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
  public void warmUp() {
    new VectorWarmUp(this).run();
  }

  @Override
  public String toString() {
    return SPECIES.vectorBitSize() + "-bit vectors";
  }
}
