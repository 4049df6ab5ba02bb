package nnc.runtime;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Copies parts of a right operand into panels: a few columns wide, row after row, zeros to the right of the last column. */
final class VectorPanels {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final int LANES = VectorProducts.LANES;

  /** Rows that are transposed column by column before going on, so that their cache lines are still there. */
  private static final int CHUNK = 64;

  /** Columns so many floats apart have one place in the nearest cache, which keeps as many of them as it has ways. */
  private static final int SAME_PLACE = 1024;

  private static final int WAYS = 8;

  private VectorPanels() {}

  /** Packs B[rows x columns], element (p, j) at {@code b[bOff + p * bRow + j * bCol]}, into a panel {@code width} wide. */
  static void pack(
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      int rows,
      int columns,
      float[] panel,
      int panelOff,
      int width,
      float[] scratch) {
    if (bCol == 1) {
      copy(b, bOff, bRow, rows, columns, panel, panelOff, width);
    } else if (bRow == 1 && VectorTranspose.FITS && rows >= VectorTranspose.SIDE) {
      transpose(b, bOff, bCol, rows, columns, panel, panelOff, width, scratch);
    } else {
      gather(b, bOff, bRow, bCol, rows, columns, panel, panelOff, width);
      zero(rows, columns, panel, panelOff, width);
    }
  }

  /** Copies B[rows x columns] row by row, with zeros to the right of the last column. */
  static void copy(
      float[] b,
      int bOff,
      int bRow,
      int rows,
      int columns,
      float[] panel,
      int panelOff,
      int width) {
    if (columns == 4 * LANES) {
      copyWhole(b, bOff, bRow, rows, panel, panelOff);
      return;
    }
    VectorMask<Float> in0 = SPECIES.indexInRange(0, columns);
    VectorMask<Float> in1 = SPECIES.indexInRange(LANES, columns);
    for (int p = 0; p < rows; p++) {
      int from = bOff + p * bRow;
      int to = panelOff + p * 2 * LANES;
      FloatVector.fromArray(SPECIES, b, from, in0).intoArray(panel, to);
      FloatVector.fromArray(SPECIES, b, from + LANES, in1).intoArray(panel, to + LANES);
    }
  }

  /** In a method of its own: beside masks HotSpot would box every vector. */
  private static void copyWhole(
      float[] b, int bOff, int bRow, int rows, float[] panel, int panelOff) {
    for (int p = 0; p < rows; p++) {
      int from = bOff + p * bRow;
      int to = panelOff + p * 4 * LANES;
      FloatVector.fromArray(SPECIES, b, from).intoArray(panel, to);
      FloatVector.fromArray(SPECIES, b, from + LANES).intoArray(panel, to + LANES);
      FloatVector.fromArray(SPECIES, b, from + 2 * LANES).intoArray(panel, to + 2 * LANES);
      FloatVector.fromArray(SPECIES, b, from + 3 * LANES).intoArray(panel, to + 3 * LANES);
    }
  }

  /** Copies the first columns of a panel two vectors wide to C[rows x columns]. */
  static void copyBack(
      float[] panel,
      int panelOff,
      int width,
      int rows,
      int columns,
      float[] c,
      int cOff,
      int cRow) {
    VectorMask<Float> in0 = SPECIES.indexInRange(0, columns);
    VectorMask<Float> in1 = SPECIES.indexInRange(LANES, columns);
    for (int i = 0; i < rows; i++) {
      int from = panelOff + i * width;
      int to = cOff + i * cRow;
      FloatVector.fromArray(SPECIES, panel, from).intoArray(c, to, in0);
      FloatVector.fromArray(SPECIES, panel, from + LANES).intoArray(c, to + LANES, in1);
    }
  }

  /**
   * Block by block; the last blocks overlap the ones before. Blocks read from a copy where a panel is narrower than they are,
   * and where columns would drive one another out of the nearest cache.
   */
  private static void transpose(
      float[] b,
      int bOff,
      int bCol,
      int rows,
      int columns,
      float[] panel,
      int panelOff,
      int width,
      float[] scratch) {
    boolean copied = columns < LANES || LANES > WAYS && bCol % SAME_PLACE == 0;
    float[] x = copied ? scratch : b;
    int xCol = copied ? CHUNK : bCol;
    for (int row = 0; row < rows; row += CHUNK) {
      int p = Math.min(row, rows - VectorTranspose.SIDE);
      int chunk = Math.min(CHUNK, rows - p);
      for (int column = 0; column < columns; column += LANES) {
        int j = Math.max(0, Math.min(column, columns - LANES));
        int xOff = bOff + j * bCol + p;
        if (copied) {
          copyColumns(b, xOff, bCol, chunk, Math.min(LANES, columns), scratch);
          xOff = Tiling.TRANSPOSED;
        }
        VectorTranspose.columns(chunk, x, xOff, xCol, panel, panelOff + p * width + j, width);
      }
    }
    zero(rows, columns, panel, panelOff, width);
  }

  /** Copies some rows of a few columns, which become rows of a chunk. */
  private static void copyColumns(
      float[] b, int bOff, int bCol, int rows, int columns, float[] scratch) {
    if (columns == LANES && rows == 4 * LANES) {
      copyWhole(b, bOff, bCol, columns, scratch, Tiling.TRANSPOSED);
      return;
    }
    for (int j = 0; j < columns; j++) {
      System.arraycopy(b, bOff + j * bCol, scratch, Tiling.TRANSPOSED + j * CHUNK, rows);
    }
  }

  private static void gather(
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      int rows,
      int columns,
      float[] panel,
      int panelOff,
      int width) {
    for (int p = 0; p < rows; p++) {
      int from = bOff + p * bRow;
      int to = panelOff + p * width;
      for (int j = 0; j < columns; j++) {
        panel[to + j] = b[from + j * bCol];
      }
    }
  }

  private static void zero(int rows, int columns, float[] panel, int panelOff, int width) {
    if (columns < width) {
      for (int p = 0; p < rows; p++) {
        Arrays.fill(panel, panelOff + p * width + columns, panelOff + p * width + width, 0f);
      }
    }
  }
}
