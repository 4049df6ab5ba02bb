package nnc.runtime;

import java.util.Arrays;

/**
 * The rows of a table that the ids of a step name, each once. The gradient of the table is zero in all others, so that a step
 * that leaves a row alone where its gradient is zero needs to visit these only.
 */
public final class TouchedRows {
  private static final int NONE = -1;

  private int[] listed;
  private final boolean[] isListed;
  private int places;
  private boolean begun;

  /**
   * @param rows of the table
   * @param most how many ids a step can have
   */
  public TouchedRows(int rows, int most) {
    isListed = new boolean[rows];
    listed = new int[most];
    Arrays.fill(listed, NONE);
  }

  /** How many places the list has, the same at every step; some of them hold no row. */
  public int places() {
    return listed.length;
  }

  /** The row at a place of the list, or -1. */
  public int row(int place) {
    return listed[place];
  }

  /** The rows listed at places from, from + 1, … to - 1 become zeros: y[yOff + row width .. + width). */
  public void clear(float[] y, int yOff, int width, int from, int to) {
    for (int place = from; place < to; place++) {
      int row = listed[place];
      if (row != NONE) {
        int start = yOff + row * width;
        Arrays.fill(y, start, start + width, 0f);
      }
    }
  }

  /** Begins the list of another step; all of the table becomes zeros before the first. */
  public void begin(float[] y, int yOff, int width) {
    if (!begun) {
      Arrays.fill(y, yOff, yOff + isListed.length * width, 0f);
      begun = true;
    }
    begin();
  }

  /** Begins a list without rows. */
  void begin() {
    for (int place = 0; place < places; place++) {
      isListed[listed[place]] = false;
      listed[place] = NONE;
    }
    places = 0;
  }

  /** Lists a row; false if it is listed already. */
  boolean list(int row) {
    if (isListed[row]) {
      return false;
    }
    isListed[row] = true;
    if (places == listed.length) { // more batches are accumulated than were said
      listed = Arrays.copyOf(listed, Math.min(isListed.length, 2 * places));
      Arrays.fill(listed, places, listed.length, NONE);
    }
    listed[places++] = row;
    return true;
  }

  /**
   * Lists the rows that n ids name, where they are not listed yet.
   *
   * @throws UnknownRowException if an id is no whole number from 0 to rows - 1
   */
  public void list(float[] ids, int idsOff, int n) {
    for (int i = 0; i < n; i++) {
      list(RowId.checked(ids[idsOff + i], i, isListed.length));
    }
  }
}
