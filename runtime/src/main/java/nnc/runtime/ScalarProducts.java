package nnc.runtime;

import java.util.Arrays;

/** The products in plain Java: obviously right, the oracle of the others, and what runs without the vector module. */
final class ScalarProducts implements Products {
  @Override
  public void pack(
      Worker worker,
      float[] b, int bOff, int bRow, int bCol,
      int m, int k, int n,
      float[] packed, int packedOff) {
    // B is always used in place.
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
    int columns = worker.col1 - worker.col0;
    int bStart = bOff + worker.col0 * bCol;
    for (int i = worker.row0; i < worker.row1; i++) {
      int row = cOff + i * cRow + worker.col0;
      if (!add) {
        Arrays.fill(c, row, row + columns, 0f);
      }
      for (int p = 0; p < k; p++) {
        addScaled(columns, a[aOff + i * aRow + p * aCol], b, bStart + p * bRow, bCol, c, row);
      }
    }
  }

  /** y[j] = y[j] + scale x[j * xStep], j in [0, n). */
  private static void addScaled(int n, float scale, float[] x, int xOff, int xStep, float[] y, int yOff) {
    if (xStep == 1) {
      // A loop of its own, because the compiler turns this one into vector code.
      for (int j = 0; j < n; j++) {
        y[yOff + j] = Math.fma(scale, x[xOff + j], y[yOff + j]);
      }
    } else {
      for (int j = 0; j < n; j++) {
        y[yOff + j] = Math.fma(scale, x[xOff + j * xStep], y[yOff + j]);
      }
    }
  }
}
