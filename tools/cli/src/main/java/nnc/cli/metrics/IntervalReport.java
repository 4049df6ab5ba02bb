package nnc.cli.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an interval of an epoch came to: some of its steps, one after the other.
 *
 * @param epoch how many epochs had been trained at its end, the part of one too
 * @param step how many steps had been made in all
 * @param train loss and metrics by name over the interval's batches, as they were when each was trained
 */
public record IntervalReport(double epoch, long step, Map<String, Double> train) {
  private static final String EPOCH = "epoch";
  private static final String STEP = "step";
  private static final String TRAIN = "train.";

  /** The cells of a table by its columns: {@code epoch}, {@code step}, {@code train.loss}; empty if not finite. */
  Map<String, String> cells() {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put(EPOCH, Double.toString(epoch));
    cells.put(STEP, Long.toString(step));
    train.forEach((name, value) -> cells.put(TRAIN + name, MetricsTable.cell(value)));
    return cells;
  }

  /** Reads what {@link #cells} has written; what was not finite is NaN. Empty if it is something else. */
  static Optional<IntervalReport> parse(Map<String, String> cells) {
    try {
      Map<String, Double> train = new LinkedHashMap<>();
      cells.forEach((column, cell) -> {
        if (column.startsWith(TRAIN)) {
          train.put(
              column.substring(TRAIN.length()),
              cell.isEmpty() ? Double.NaN : Double.parseDouble(cell));
        }
      });
      return Optional.of(
          new IntervalReport(
              Double.parseDouble(cells.getOrDefault(EPOCH, "")),
              Long.parseLong(cells.getOrDefault(STEP, "")),
              train));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
