package nnc.runtime;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products with few rows, which do not repay packing: B is read in place, once, in strips of a few of its rows, and each
 * row of C takes all of a strip in one go.
 */
final class VectorStrips {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final int LANES = VectorProducts.LANES;

  /** Rows of B in a strip. */
  private static final int STRIP = 8;

  private VectorStrips() {}

  /** C[rows x columns] (+)= A[rows x depth] B[depth x columns], where neighbours in a row of B are neighbours in memory. */
  static void multiply(
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      float[] c,
      int cOff,
      int cRow,
      int rows,
      int depth,
      int columns,
      boolean add) {
    if (!add) {
      for (int i = 0; i < rows; i++) {
        Arrays.fill(c, cOff + i * cRow, cOff + i * cRow + columns, 0f);
      }
    }
    int whole = SPECIES.loopBound(columns);
    int p = 0;
    for (; p <= depth - STRIP; p += STRIP) {
      for (int i = 0; i < rows; i++) {
        addEight(
            a,
            aOff + i * aRow + p * aCol,
            aCol,
            b,
            bOff + p * bRow,
            bRow,
            c,
            cOff + i * cRow,
            whole);
      }
    }
    for (; p < depth; p++) {
      for (int i = 0; i < rows; i++) {
        addOne(a[aOff + i * aRow + p * aCol], b, bOff + p * bRow, c, cOff + i * cRow, whole);
      }
    }
    for (int i = 0; i < rows && whole < columns; i++) {
      addNarrow(
          a,
          aOff + i * aRow,
          aCol,
          b,
          bOff + whole,
          bRow,
          c,
          cOff + i * cRow + whole,
          depth,
          columns - whole);
    }
  }

  /** c[j] = c[j] + a[0] b[0, j] + … + a[7] b[7, j], in this order, for whole vectors. */
  private static void addEight(
      float[] a,
      int aOff,
      int aStep,
      float[] b,
      int bOff,
      int bRow,
      float[] c,
      int cOff,
      int columns) {
    FloatVector a0 = FloatVector.broadcast(SPECIES, a[aOff]);
    FloatVector a1 = FloatVector.broadcast(SPECIES, a[aOff + aStep]);
    FloatVector a2 = FloatVector.broadcast(SPECIES, a[aOff + 2 * aStep]);
    FloatVector a3 = FloatVector.broadcast(SPECIES, a[aOff + 3 * aStep]);
    FloatVector a4 = FloatVector.broadcast(SPECIES, a[aOff + 4 * aStep]);
    FloatVector a5 = FloatVector.broadcast(SPECIES, a[aOff + 5 * aStep]);
    FloatVector a6 = FloatVector.broadcast(SPECIES, a[aOff + 6 * aStep]);
    FloatVector a7 = FloatVector.broadcast(SPECIES, a[aOff + 7 * aStep]);
    int b1 = bOff + bRow;
    int b2 = bOff + 2 * bRow;
    int b3 = bOff + 3 * bRow;
    int b4 = bOff + 4 * bRow;
    int b5 = bOff + 5 * bRow;
    int b6 = bOff + 6 * bRow;
    int b7 = bOff + 7 * bRow;
    for (int j = 0; j < columns; j += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, c, cOff + j);
      sum = a0.fma(FloatVector.fromArray(SPECIES, b, bOff + j), sum);
      sum = a1.fma(FloatVector.fromArray(SPECIES, b, b1 + j), sum);
      sum = a2.fma(FloatVector.fromArray(SPECIES, b, b2 + j), sum);
      sum = a3.fma(FloatVector.fromArray(SPECIES, b, b3 + j), sum);
      sum = a4.fma(FloatVector.fromArray(SPECIES, b, b4 + j), sum);
      sum = a5.fma(FloatVector.fromArray(SPECIES, b, b5 + j), sum);
      sum = a6.fma(FloatVector.fromArray(SPECIES, b, b6 + j), sum);
      sum = a7.fma(FloatVector.fromArray(SPECIES, b, b7 + j), sum);
      sum.intoArray(c, cOff + j);
    }
  }

  /** c[j] = c[j] + a b[j], for whole vectors. */
  private static void addOne(float a, float[] b, int bOff, float[] c, int cOff, int columns) {
    FloatVector factor = FloatVector.broadcast(SPECIES, a);
    for (int j = 0; j < columns; j += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, c, cOff + j);
      factor.fma(FloatVector.fromArray(SPECIES, b, bOff + j), sum).intoArray(c, cOff + j);
    }
  }

  /** c[j] = c[j] + sum over p of a[p] b[p, j], for fewer columns than a vector has. */
  private static void addNarrow(
      float[] a,
      int aOff,
      int aStep,
      float[] b,
      int bOff,
      int bRow,
      float[] c,
      int cOff,
      int depth,
      int columns) {
    VectorMask<Float> inside = SPECIES.indexInRange(0, columns);
    FloatVector sum = FloatVector.fromArray(SPECIES, c, cOff, inside);
    for (int p = 0; p < depth; p++) {
      FloatVector factor = FloatVector.broadcast(SPECIES, a[aOff + p * aStep]);
      sum = factor.fma(FloatVector.fromArray(SPECIES, b, bOff + p * bRow, inside), sum);
    }
    sum.intoArray(c, cOff, inside);
  }
}
