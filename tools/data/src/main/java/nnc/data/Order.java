package nnc.data;

import nnc.runtime.Philox;

/** The order in which an epoch visits the rows. */
public final class Order {
  private Order() {}

  /**
   * The numbers 0 .. n - 1, shuffled: {@link Philox#permutation} under the stream {@code epoch E}.
   * A function of its arguments alone, so that a resumed run goes on in the order in which it would
   * have gone on.
   *
   * @param epoch any number; each has an order of its own
   */
  public static int[] shuffled(int n, long seed, int epoch) {
    return Philox.permutation(seed, Philox.stream("epoch " + epoch), n);
  }

  /** The same of batches, where rows are put into batches by what they have in common. */
  public static int[] shuffledBatches(int n, long seed, int epoch) {
    return Philox.permutation(seed, Philox.stream("batches of epoch " + epoch), n);
  }
}
