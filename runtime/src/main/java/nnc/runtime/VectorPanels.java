package nnc.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Copies parts of a right operand into panels: a few columns wide, row after row, zeros to the right of the last column. */
final class VectorPanels {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final int LANES = VectorProducts.LANES;

  private VectorPanels() {}

  /** Packs B[rows x columns], element (p, j) at {@code b[bOff + p * bRow + j * bCol]}, into a panel {@code width} wide. */
  static void pack(
      float[] b, int bOff, int bRow, int bCol, int rows, int columns, float[] panel, int panelOff, int width) {
    if (bCol == 1) {
      copy(b, bOff, bRow, rows, columns, panel, panelOff, width);
    } else {
      gather(b, bOff, bRow, bCol, rows, columns, panel, panelOff, width);
    }
  }

  private static void copy(
      float[] b, int bOff, int bRow, int rows, int columns, float[] panel, int panelOff, int width) {
    for (int j = 0; j < width; j += LANES) {
      if (columns - j >= LANES) {
        for (int p = 0; p < rows; p++) {
          FloatVector.fromArray(SPECIES, b, bOff + p * bRow + j).intoArray(panel, panelOff + p * width + j);
        }
      } else {
        VectorMask<Float> inside = SPECIES.indexInRange(j, columns);
        for (int p = 0; p < rows; p++) {
          FloatVector.fromArray(SPECIES, b, bOff + p * bRow + j, inside).intoArray(panel, panelOff + p * width + j);
        }
      }
    }
  }

  private static void gather(
      float[] b, int bOff, int bRow, int bCol, int rows, int columns, float[] panel, int panelOff, int width) {
    for (int p = 0; p < rows; p++) {
      int to = panelOff + p * width;
      for (int j = 0; j < columns; j++) {
        panel[to + j] = b[bOff + p * bRow + j * bCol];
      }
      for (int j = columns; j < width; j++) {
        panel[to + j] = 0;
      }
    }
  }
}
