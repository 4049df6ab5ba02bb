package nnc.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A model, and the sizes that one of its dims takes: the layers of a Transformer, the steps of an LSTM, the rows of a batch. */
enum Series {
  TRANSFORMER("N", 2, 4, 8, 16),
  LSTM("T", 16, 32, 64, 128),
  MLP("B", 32, 64, 128, 256);

  private final String dim;
  private final List<Integer> sizes;

  Series(String dim, Integer... sizes) {
    this.dim = dim;
    this.sizes = List.of(sizes);
  }

  String dim() {
    return dim;
  }

  List<Integer> sizes() {
    return sizes;
  }

  Path file() {
    return Bench.workload("growth-" + this + ".nn");
  }

  /** {@code lstm}, as it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
