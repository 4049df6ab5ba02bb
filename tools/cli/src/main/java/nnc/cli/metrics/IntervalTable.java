package nnc.cli.metrics;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A table with a row for each interval of the epochs. Nothing in it depends on time. */
final class IntervalTable implements MetricsFile {
  private final MetricsTable table;

  /** @param history the intervals of earlier runs */
  IntervalTable(Path file, List<IntervalReport> history) {
    this.table = new MetricsTable(file, history.stream().map(IntervalReport::cells).toList());
  }

  /**
   * What a table says of the intervals up to some place.
   *
   * @param trained how many epochs the training has behind it, as an interval's end tells
   */
  static List<IntervalReport> history(Path file, double trained) {
    if (trained == 0) {
      return List.of();
    }
    return MetricsTable.read(file).stream()
        .map(IntervalReport::parse)
        .takeWhile(Optional::isPresent)
        .map(Optional::get)
        .takeWhile(report -> report.epoch() <= trained)
        .toList();
  }

  @Override
  public void add(IntervalReport report) {
    table.add(report.cells());
  }
}
