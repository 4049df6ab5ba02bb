package nnc.cli.metrics;

import java.nio.file.Path;

/** A table with a row for each probed tensor of each interval. */
final class ProbeTable implements MetricsFile {
  private final MetricsTable table;

  /**
   * Goes on behind what earlier runs have found.
   *
   * @param trained how many epochs the training has behind it, as an interval's end tells
   */
  ProbeTable(Path file, double trained) {
    this.table =
        new MetricsTable(
            file,
            MetricsTable.read(file).stream()
                .filter(row -> epoch(row.getOrDefault(ProbeReport.EPOCH, "")) <= trained)
                .toList());
  }

  private static double epoch(String cell) {
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) { // of another file
      return Double.POSITIVE_INFINITY;
    }
  }

  @Override
  public void add(ProbeReport report) {
    report.rows().forEach(table::add);
  }
}
