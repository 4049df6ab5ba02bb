package nnc.runtime;

import java.util.Arrays;

/** The products in plain Java: obviously right, the oracle of the others, and what runs without the vector module. */
final class ScalarProducts implements Products {
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
    // B is always used in place.
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
    int columns = worker.col1 - worker.col0;
    int bStart = bOff + worker.col0 * bCol;
    for (int i = worker.row0; i < worker.row1; i++) {
      int aStart = aOff + i * aRow;
      int cStart = cOff + i * cRow + worker.col0;
      if (!add) {
        Arrays.fill(c, cStart, cStart + columns, 0f);
      }
      int p = 0;
      for (; p <= k - 4; p += 4) {
        addFour(a, aStart + p * aCol, aCol, b, bStart + p * bRow, bRow, bCol, c, cStart, columns);
      }
      for (; p < k; p++) {
        addOne(a[aStart + p * aCol], b, bStart + p * bRow, bCol, c, cStart, columns);
      }
    }
  }

  /** c[j] = c[j] + a[0] b[0, j] + … + a[3] b[3, j], in this order: four at a time, because it halves the time. */
  private static void addFour(
      float[] a,
      int aOff,
      int aStep,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int columns) {
    float a0 = a[aOff];
    float a1 = a[aOff + aStep];
    float a2 = a[aOff + 2 * aStep];
    float a3 = a[aOff + 3 * aStep];
    for (int j = 0; j < columns; j++) {
      int at = bOff + j * bCol;
      float sum = Math.fma(a0, b[at], c[cOff + j]);
      sum = Math.fma(a1, b[at + bRow], sum);
      sum = Math.fma(a2, b[at + 2 * bRow], sum);
      c[cOff + j] = Math.fma(a3, b[at + 3 * bRow], sum);
    }
  }

  /** c[j] = c[j] + a b[j]. */
  private static void addOne(
      float a, float[] b, int bOff, int bCol, float[] c, int cOff, int columns) {
    for (int j = 0; j < columns; j++) {
      c[cOff + j] = Math.fma(a, b[bOff + j * bCol], c[cOff + j]);
    }
  }
}
