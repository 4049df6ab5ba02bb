package nnc.data;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * How often words stand near each other: each pair within a window counts 1 / distance, in both orders (Pennington, Socher,
 * Manning 2014, section 3.1 and 4.2).
 */
public final class Cooccurrences {
  private static final int SMALLEST = 1 << 16;
  private static final long NONE = -1;
  private static final int HALF = 32;
  private static final long LOW = 0xFFFFFFFFL;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final int window;
  private final IntPredicate counts;
  private final int[] last;
  private long position;
  private long[] keys = filled(SMALLEST);
  private double[] sums = new double[SMALLEST];
  private int size;

  /**
   * @param window how many words to each side count
   * @param counts which ids do; others only take up a place
   */
  public Cooccurrences(int window, IntPredicate counts) {
    this.window = window;
    this.counts = counts;
    this.last = new int[window];
  }

  /** The next word of the text. */
  public void add(int id) {
    if (counts.test(id)) {
      for (int distance = 1; distance <= Math.min(window, position); distance++) {
        int other = last[(int) ((position - distance) % window)];
        if (counts.test(other)) {
          count(id, other, 1.0 / distance);
          count(other, id, 1.0 / distance);
        }
      }
    }
    last[(int) (position % window)] = id;
    position++;
  }

  private void count(int word, int context, double weight) {
    long key = (long) word << HALF | context;
    int place = place(key);
    if (keys[place] == NONE) {
      if (2 * (size + 1) > keys.length) {
        grow();
        place = place(key);
      }
      keys[place] = key;
      size++;
    }
    sums[place] += weight;
  }

  private int place(long key) {
    int place = (int) (key * SPREAD >>> HALF) & keys.length - 1;
    while (keys[place] != NONE && keys[place] != key) {
      place = place + 1 & keys.length - 1;
    }
    return place;
  }

  private void grow() {
    long[] oldKeys = keys;
    double[] oldSums = sums;
    keys = filled(2 * oldKeys.length);
    sums = new double[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != NONE) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        sums[place] = oldSums[i];
      }
    }
  }

  private static long[] filled(int length) {
    long[] keys = new long[length];
    Arrays.fill(keys, NONE);
    return keys;
  }

  /** How many pairs there are. */
  public int size() {
    return size;
  }

  /** Whoever is told the pairs. */
  public interface Visitor {
    void pair(int word, int context, double count);
  }

  /** All pairs, in the order of their ids. */
  public void forEach(Visitor visitor) {
    long[] sorted = Arrays.stream(keys).filter(key -> key != NONE).sorted().toArray();
    for (long key : sorted) {
      visitor.pair((int) (key >>> HALF), (int) (key & LOW), sums[place(key)]);
    }
  }
}
