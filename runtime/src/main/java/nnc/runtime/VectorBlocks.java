package nnc.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost part of a product: a block of C, a few rows by a few vectors, stays in registers while a panel of B goes
 * by. Each step loads one row of the panel and broadcasts one element of each row of A.
 *
 * <p>Accumulators are local variables with names, and the loop is not unrolled: arrays of vectors, or a longer body, cost
 * far more than the loop itself. A block with fewer rows than its method has repeats the last row, which computes and
 * stores the same values once more.
 */
final class VectorBlocks {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final int LANES = VectorProducts.LANES;

  private VectorBlocks() {}

  /** C[rows x 4 vectors] (+)= A[rows x depth] panel, with 1 to 6 rows. */
  static void sixByFour(
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] panel,
      int panelOff,
      float[] c,
      int cOff,
      int cRow,
      int rows,
      int depth,
      boolean add) {
    int row1 = Math.min(1, rows - 1);
    int row2 = Math.min(2, rows - 1);
    int row3 = Math.min(3, rows - 1);
    int row4 = Math.min(4, rows - 1);
    int row5 = Math.min(5, rows - 1);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c02 = FloatVector.zero(SPECIES);
    FloatVector c03 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c12 = FloatVector.zero(SPECIES);
    FloatVector c13 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c22 = FloatVector.zero(SPECIES);
    FloatVector c23 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c32 = FloatVector.zero(SPECIES);
    FloatVector c33 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c41 = FloatVector.zero(SPECIES);
    FloatVector c42 = FloatVector.zero(SPECIES);
    FloatVector c43 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c51 = FloatVector.zero(SPECIES);
    FloatVector c52 = FloatVector.zero(SPECIES);
    FloatVector c53 = FloatVector.zero(SPECIES);
    if (add) {
      c00 = FloatVector.fromArray(SPECIES, c, cOff);
      c01 = FloatVector.fromArray(SPECIES, c, cOff + LANES);
      c02 = FloatVector.fromArray(SPECIES, c, cOff + 2 * LANES);
      c03 = FloatVector.fromArray(SPECIES, c, cOff + 3 * LANES);
      c10 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow);
      c11 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow + LANES);
      c12 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow + 2 * LANES);
      c13 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow + 3 * LANES);
      c20 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow);
      c21 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow + LANES);
      c22 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow + 2 * LANES);
      c23 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow + 3 * LANES);
      c30 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow);
      c31 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow + LANES);
      c32 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow + 2 * LANES);
      c33 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow + 3 * LANES);
      c40 = FloatVector.fromArray(SPECIES, c, cOff + row4 * cRow);
      c41 = FloatVector.fromArray(SPECIES, c, cOff + row4 * cRow + LANES);
      c42 = FloatVector.fromArray(SPECIES, c, cOff + row4 * cRow + 2 * LANES);
      c43 = FloatVector.fromArray(SPECIES, c, cOff + row4 * cRow + 3 * LANES);
      c50 = FloatVector.fromArray(SPECIES, c, cOff + row5 * cRow);
      c51 = FloatVector.fromArray(SPECIES, c, cOff + row5 * cRow + LANES);
      c52 = FloatVector.fromArray(SPECIES, c, cOff + row5 * cRow + 2 * LANES);
      c53 = FloatVector.fromArray(SPECIES, c, cOff + row5 * cRow + 3 * LANES);
    }
    int a1 = row1 * aRow;
    int a2 = row2 * aRow;
    int a3 = row3 * aRow;
    int a4 = row4 * aRow;
    int a5 = row5 * aRow;
    for (int p = 0; p < depth; p++) {
      int from = panelOff + p * 4 * LANES;
      FloatVector b0 = FloatVector.fromArray(SPECIES, panel, from);
      FloatVector b1 = FloatVector.fromArray(SPECIES, panel, from + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, panel, from + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, panel, from + 3 * LANES);
      int at = aOff + p * aCol;
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[at + a1]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[at + a2]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      c23 = x2.fma(b3, c23);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[at + a3]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      c33 = x3.fma(b3, c33);
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[at + a4]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      c42 = x4.fma(b2, c42);
      c43 = x4.fma(b3, c43);
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[at + a5]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      c52 = x5.fma(b2, c52);
      c53 = x5.fma(b3, c53);
    }
    c00.intoArray(c, cOff);
    c01.intoArray(c, cOff + LANES);
    c02.intoArray(c, cOff + 2 * LANES);
    c03.intoArray(c, cOff + 3 * LANES);
    c10.intoArray(c, cOff + row1 * cRow);
    c11.intoArray(c, cOff + row1 * cRow + LANES);
    c12.intoArray(c, cOff + row1 * cRow + 2 * LANES);
    c13.intoArray(c, cOff + row1 * cRow + 3 * LANES);
    c20.intoArray(c, cOff + row2 * cRow);
    c21.intoArray(c, cOff + row2 * cRow + LANES);
    c22.intoArray(c, cOff + row2 * cRow + 2 * LANES);
    c23.intoArray(c, cOff + row2 * cRow + 3 * LANES);
    c30.intoArray(c, cOff + row3 * cRow);
    c31.intoArray(c, cOff + row3 * cRow + LANES);
    c32.intoArray(c, cOff + row3 * cRow + 2 * LANES);
    c33.intoArray(c, cOff + row3 * cRow + 3 * LANES);
    c40.intoArray(c, cOff + row4 * cRow);
    c41.intoArray(c, cOff + row4 * cRow + LANES);
    c42.intoArray(c, cOff + row4 * cRow + 2 * LANES);
    c43.intoArray(c, cOff + row4 * cRow + 3 * LANES);
    c50.intoArray(c, cOff + row5 * cRow);
    c51.intoArray(c, cOff + row5 * cRow + LANES);
    c52.intoArray(c, cOff + row5 * cRow + 2 * LANES);
    c53.intoArray(c, cOff + row5 * cRow + 3 * LANES);
  }

  /** C[rows x 4 vectors] (+)= A[rows x depth] panel, with 1 to 4 rows. */
  static void fourByFour(
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] panel,
      int panelOff,
      float[] c,
      int cOff,
      int cRow,
      int rows,
      int depth,
      boolean add) {
    int row1 = Math.min(1, rows - 1);
    int row2 = Math.min(2, rows - 1);
    int row3 = Math.min(3, rows - 1);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c02 = FloatVector.zero(SPECIES);
    FloatVector c03 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c12 = FloatVector.zero(SPECIES);
    FloatVector c13 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c22 = FloatVector.zero(SPECIES);
    FloatVector c23 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c32 = FloatVector.zero(SPECIES);
    FloatVector c33 = FloatVector.zero(SPECIES);
    if (add) {
      c00 = FloatVector.fromArray(SPECIES, c, cOff);
      c01 = FloatVector.fromArray(SPECIES, c, cOff + LANES);
      c02 = FloatVector.fromArray(SPECIES, c, cOff + 2 * LANES);
      c03 = FloatVector.fromArray(SPECIES, c, cOff + 3 * LANES);
      c10 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow);
      c11 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow + LANES);
      c12 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow + 2 * LANES);
      c13 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow + 3 * LANES);
      c20 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow);
      c21 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow + LANES);
      c22 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow + 2 * LANES);
      c23 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow + 3 * LANES);
      c30 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow);
      c31 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow + LANES);
      c32 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow + 2 * LANES);
      c33 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow + 3 * LANES);
    }
    int a1 = row1 * aRow;
    int a2 = row2 * aRow;
    int a3 = row3 * aRow;
    for (int p = 0; p < depth; p++) {
      int from = panelOff + p * 4 * LANES;
      FloatVector b0 = FloatVector.fromArray(SPECIES, panel, from);
      FloatVector b1 = FloatVector.fromArray(SPECIES, panel, from + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, panel, from + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, panel, from + 3 * LANES);
      int at = aOff + p * aCol;
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[at + a1]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[at + a2]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      c23 = x2.fma(b3, c23);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[at + a3]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      c33 = x3.fma(b3, c33);
    }
    c00.intoArray(c, cOff);
    c01.intoArray(c, cOff + LANES);
    c02.intoArray(c, cOff + 2 * LANES);
    c03.intoArray(c, cOff + 3 * LANES);
    c10.intoArray(c, cOff + row1 * cRow);
    c11.intoArray(c, cOff + row1 * cRow + LANES);
    c12.intoArray(c, cOff + row1 * cRow + 2 * LANES);
    c13.intoArray(c, cOff + row1 * cRow + 3 * LANES);
    c20.intoArray(c, cOff + row2 * cRow);
    c21.intoArray(c, cOff + row2 * cRow + LANES);
    c22.intoArray(c, cOff + row2 * cRow + 2 * LANES);
    c23.intoArray(c, cOff + row2 * cRow + 3 * LANES);
    c30.intoArray(c, cOff + row3 * cRow);
    c31.intoArray(c, cOff + row3 * cRow + LANES);
    c32.intoArray(c, cOff + row3 * cRow + 2 * LANES);
    c33.intoArray(c, cOff + row3 * cRow + 3 * LANES);
  }

  /** C[rows x 2 vectors] (+)= A[rows x depth] panel, with 1 to 6 rows. */
  static void sixByTwo(
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] panel,
      int panelOff,
      float[] c,
      int cOff,
      int cRow,
      int rows,
      int depth,
      boolean add) {
    int row1 = Math.min(1, rows - 1);
    int row2 = Math.min(2, rows - 1);
    int row3 = Math.min(3, rows - 1);
    int row4 = Math.min(4, rows - 1);
    int row5 = Math.min(5, rows - 1);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c41 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c51 = FloatVector.zero(SPECIES);
    if (add) {
      c00 = FloatVector.fromArray(SPECIES, c, cOff);
      c01 = FloatVector.fromArray(SPECIES, c, cOff + LANES);
      c10 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow);
      c11 = FloatVector.fromArray(SPECIES, c, cOff + row1 * cRow + LANES);
      c20 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow);
      c21 = FloatVector.fromArray(SPECIES, c, cOff + row2 * cRow + LANES);
      c30 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow);
      c31 = FloatVector.fromArray(SPECIES, c, cOff + row3 * cRow + LANES);
      c40 = FloatVector.fromArray(SPECIES, c, cOff + row4 * cRow);
      c41 = FloatVector.fromArray(SPECIES, c, cOff + row4 * cRow + LANES);
      c50 = FloatVector.fromArray(SPECIES, c, cOff + row5 * cRow);
      c51 = FloatVector.fromArray(SPECIES, c, cOff + row5 * cRow + LANES);
    }
    int a1 = row1 * aRow;
    int a2 = row2 * aRow;
    int a3 = row3 * aRow;
    int a4 = row4 * aRow;
    int a5 = row5 * aRow;
    for (int p = 0; p < depth; p++) {
      int from = panelOff + p * 2 * LANES;
      FloatVector b0 = FloatVector.fromArray(SPECIES, panel, from);
      FloatVector b1 = FloatVector.fromArray(SPECIES, panel, from + LANES);
      int at = aOff + p * aCol;
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[at + a1]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[at + a2]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[at + a3]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[at + a4]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[at + a5]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
    }
    c00.intoArray(c, cOff);
    c01.intoArray(c, cOff + LANES);
    c10.intoArray(c, cOff + row1 * cRow);
    c11.intoArray(c, cOff + row1 * cRow + LANES);
    c20.intoArray(c, cOff + row2 * cRow);
    c21.intoArray(c, cOff + row2 * cRow + LANES);
    c30.intoArray(c, cOff + row3 * cRow);
    c31.intoArray(c, cOff + row3 * cRow + LANES);
    c40.intoArray(c, cOff + row4 * cRow);
    c41.intoArray(c, cOff + row4 * cRow + LANES);
    c50.intoArray(c, cOff + row5 * cRow);
    c51.intoArray(c, cOff + row5 * cRow + LANES);
  }
}
