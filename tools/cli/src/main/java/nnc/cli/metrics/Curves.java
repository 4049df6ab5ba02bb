package nnc.cli.metrics;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of loss and metrics over the epochs: a chart for each, one above the other, with train and held-out rows. It is drawn
 * now and then, and at the end.
 */
final class Curves implements MetricsFile {
  private static final long NANOSECONDS_BETWEEN = 10_000_000_000L;
  static final Color TRAIN = new Color(0x1f77b4);
  static final Color HELD_OUT = new Color(0xd6601a);

  private final Path file;
  private final List<EpochReport> reports;
  private long drawn = System.nanoTime();
  private boolean complete;

  Curves(Path file, List<EpochReport> history) {
    this.file = file;
    this.reports = new ArrayList<>(history);
    this.complete = history.isEmpty(); // who was killed may not have come to draw
  }

  @Override
  public void add(EpochReport report) {
    reports.add(report);
    complete = false;
    if (System.nanoTime() - drawn > NANOSECONDS_BETWEEN) {
      draw();
    }
  }

  @Override
  public void close() {
    if (!complete) {
      draw();
    }
  }

  private void draw() {
    complete = true;
    Charts.write(file, this::charts);
    drawn = System.nanoTime();
  }

  private List<XYChart> charts() {
    Set<String> names = new LinkedHashSet<>();
    reports.forEach(report -> names.addAll(report.train().keySet()));
    return names.stream()
        .map(name ->
            Charts.chart(
                name,
                List.of(
                    new Charts.Line(
                        "train",
                        TRAIN,
                        SeriesMarkers.CIRCLE,
                        reports,
                        report -> report.train().getOrDefault(name, Double.NaN)),
                    new Charts.Line(
                        "held out",
                        HELD_OUT,
                        SeriesMarkers.CIRCLE,
                        reports,
                        report ->
                            report
                                .heldOut()
                                .map(values -> values.getOrDefault(name, Double.NaN))
                                .orElse(Double.NaN)))))
        .toList();
  }
}
