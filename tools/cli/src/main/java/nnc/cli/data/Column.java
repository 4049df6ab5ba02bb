package nnc.cli.data;

import java.util.stream.IntStream;
import nnc.data.FloatStore;

/** The values of one input, row by row, prepared and checked. Read by several threads. */
public interface Column {
  String input();

  /** How many values belong to a row. */
  int perRow();

  /** Copies the first values of a row, so many, to {@code to[at …]}. */
  void copy(int row, int count, float[] to, int at);

  /** How many values of a row are not padding behind the others. */
  default int length(int row) {
    return perRow();
  }

  /** Values that are stored as they are. */
  record Stored(String input, int perRow, FloatStore values) implements Column {
    @Override
    public void copy(int row, int count, float[] to, int at) {
      values.copy((long) row * perRow, to, at, count);
    }

    @Override
    public int length(int row) {
      int length = perRow;
      while (length > 0 && values.get((long) row * perRow + length - 1) == 0) {
        length--;
      }
      return length;
    }
  }

  /**
   * Bytes, and what each of the 256 becomes.
   *
   * @param prepared by byte
   */
  record Bytes(String input, int perRow, byte[] values, float[] prepared) implements Column {
    @Override
    public void copy(int row, int count, float[] to, int at) {
      int from = Math.multiplyExact(row, perRow);
      for (int i = 0; i < count; i++) {
        to[at + i] = prepared[Byte.toUnsignedInt(values[from + i])];
      }
    }
  }

  /**
   * Symbols of a text in a window that moves on from row to row.
   *
   * @param places of the symbols in the window
   * @param stride how far the window moves
   * @param sideBySide whether the places follow each other
   */
  record Window(String input, int[] places, int stride, FloatStore symbols, boolean sideBySide)
      implements Column {
    Window(String input, int[] places, int stride, FloatStore symbols) {
      this(input, places, stride, symbols, areSideBySide(places));
    }

    private static boolean areSideBySide(int[] places) {
      return IntStream.range(1, places.length).allMatch(i -> places[i] == places[i - 1] + 1);
    }

    @Override
    public int perRow() {
      return places.length;
    }

    @Override
    public void copy(int row, int count, float[] to, int at) {
      long start = (long) row * stride;
      if (sideBySide) {
        symbols.copy(start + places[0], to, at, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        to[at + i] = symbols.get(start + places[i]);
      }
    }
  }
}
