package nnc.cli.metrics;

/** A file that gets something of each epoch, of each interval of the epochs, or of both. */
interface MetricsFile extends AutoCloseable {
  default void add(EpochReport report) {}

  default void add(IntervalReport report) {}

  /** Finishes the file. */
  @Override
  default void close() {}
}
