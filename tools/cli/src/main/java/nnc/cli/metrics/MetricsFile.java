package nnc.cli.metrics;

/** A file that gets something of each epoch. */
interface MetricsFile extends AutoCloseable {
  void add(EpochReport report);

  /** Finishes the file. */
  @Override
  void close();
}
