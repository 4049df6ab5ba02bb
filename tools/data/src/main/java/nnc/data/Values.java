package nnc.data;

import java.util.Arrays;

/**
 * Floats of which nobody knows yet how many there really are. Memory grows with what has been read,
 * not with what a header promises.
 */
final class Values {
  private static final int SMALLEST = 1 << 12;

  /** The largest array that every JVM can make. */
  static final int MOST = Integer.MAX_VALUE - 8;

  private float[] values;
  private int size;

  Values() {
    this(SMALLEST);
  }

  /** @param expected how many there are, as far as that can be believed */
  Values(int expected) {
    values = new float[expected];
  }

  /** Makes room for {@code more} values; false if no array can hold that many. */
  boolean reserve(int more) {
    long needed = (long) size + more;
    if (needed > MOST) {
      return false;
    }
    if (needed > values.length) {
      values = Arrays.copyOf(values, (int) Math.min(MOST, Math.max(needed, 2L * values.length)));
    }
    return true;
  }

  /** Adds a value, for which room was reserved. */
  void add(float value) {
    values[size++] = value;
  }

  int size() {
    return size;
  }

  /** All values; after this none is added. */
  float[] toArray() {
    return size == values.length ? values : Arrays.copyOf(values, size);
  }
}
