package nnc.cli.metrics;

import java.nio.file.Path;
import java.util.List;

/** A table with a row for each epoch. */
final class EpochTable implements MetricsFile {
  private final MetricsTable table;

  /** @param history the epochs of earlier runs */
  EpochTable(Path file, List<EpochReport> history) {
    this.table = new MetricsTable(file, history.stream().map(EpochReport::cells).toList());
  }

  @Override
  public void add(EpochReport report) {
    table.add(report.cells());
  }
}
