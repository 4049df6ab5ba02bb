package nnc.runtime.text;

import java.util.Comparator;

/** Two ids that stand side by side, and may become one. */
record Pair(int left, int right) implements Comparable<Pair> {
  private static final Comparator<Pair> ORDER =
      Comparator.comparingInt(Pair::left).thenComparingInt(Pair::right);

  /** Small ids spread over all of the numbers (Knuth's multiplicative hashing): a record's own hash would make many equal. */
  @Override
  public int hashCode() {
    return left * 0x9E3779B1 + right;
  }

  @Override
  public int compareTo(Pair other) {
    return ORDER.compare(this, other);
  }
}
