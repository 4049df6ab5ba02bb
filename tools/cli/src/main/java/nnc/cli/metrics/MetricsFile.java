package nnc.cli.metrics;

/** A file that gets something of each epoch, of each interval of the epochs, or of what is probed. */
interface MetricsFile extends AutoCloseable {
  default void add(EpochReport report) {}

  default void add(IntervalReport report) {}

  default void add(ProbeReport report) {}

  /** Finishes the file. */
  @Override
  default void close() {}
}
