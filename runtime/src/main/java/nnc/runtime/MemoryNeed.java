package nnc.runtime;

import java.io.Serializable;
import java.util.Locale;

/**
 * The arrays of floats that a model and one session take.
 *
 * @param parameters in floats, as the others
 * @param state what the optimizers remember
 * @param memory activations, gradients and inputs
 */
public record MemoryNeed(long parameters, long state, long memory) implements Serializable {
  public long bytes() {
    return Float.BYTES * (parameters + state + memory);
  }

  /** The bytes of the largest array, which has to lie in one piece. */
  public long largestArray() {
    return Float.BYTES * Math.max(parameters, Math.max(state, memory));
  }

  /** {@code parameters 4 MB, optimizer 8 MB, activations and gradients 30 MB, 42 MB in all}. */
  public String text() {
    return "parameters %s, optimizer %s, activations and gradients %s, %s in all"
        .formatted(
            size(Float.BYTES * parameters),
            size(Float.BYTES * state),
            size(Float.BYTES * memory),
            size(bytes()));
  }

  /**
   * The remedy. The collector of {@code nnc} keeps large arrays in two thirds of its memory; a quarter of a gigabyte is for all
   * else.
   *
   * @param option what stands in front of {@code -Xmx}, where the user gives that
   */
  public String help(String option) {
    return "make the batch smaller, or give Java more: %s-Xmx%dg"
        .formatted(option, (long) Math.ceil((1.5 * bytes() + (1 << 28)) / (1L << 30)));
  }

  /** Bytes for people to read: {@code 42 MB}, {@code 1.3 GB}. */
  public static String size(long bytes) {
    double mebibytes = (double) bytes / (1 << 20);
    return mebibytes < 1024
        ? String.format(Locale.ROOT, "%.0f MB", Math.ceil(mebibytes))
        : String.format(Locale.ROOT, "%.1f GB", mebibytes / 1024);
  }
}
