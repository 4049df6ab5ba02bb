package nnc.cli.metrics;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of loss and metrics over the epochs: a chart for each, one above the other, with train and held-out rows, and while
 * there are not too many epochs with their intervals. It is drawn now and then, and at the end.
 */
final class Curves implements MetricsFile {
  private static final long NANOSECONDS_BETWEEN = 10_000_000_000L;
  static final Color TRAIN = new Color(0x1f77b4);
  static final Color HELD_OUT = new Color(0xd6601a);
  static final Color WITHIN = new Color(0x8abbdb);

  /** More epochs than these make a curve without their intervals. */
  private static final int MOST_PARTED = 40;

  private final Path file;
  private final List<EpochReport> reports;
  private final List<IntervalReport> intervals;
  private long drawn = System.nanoTime();
  private boolean complete;

  Curves(Path file, List<EpochReport> history, List<IntervalReport> intervals) {
    this.file = file;
    this.reports = new ArrayList<>(history);
    this.intervals = new ArrayList<>(intervals);
    this.complete =
        history.isEmpty() && intervals.isEmpty(); // who was killed may not have come to draw
  }

  @Override
  public void add(EpochReport report) {
    reports.add(report);
    now();
  }

  @Override
  public void add(IntervalReport report) {
    if (report.epoch() > MOST_PARTED) {
      intervals.clear();
    } else {
      intervals.add(report);
      now();
    }
  }

  private void now() {
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
    intervals.forEach(report -> names.addAll(report.train().keySet()));
    reports.forEach(report -> names.addAll(report.train().keySet()));
    return names.stream().map(name -> Charts.chart(name, lines(name))).toList();
  }

  private List<Charts.Line> lines(String name) {
    return List.of(
        Charts.Line.within("train, within epochs", WITHIN, intervals, name),
        Charts.Line.of("train", TRAIN, SeriesMarkers.CIRCLE, reports, EpochReport::train, name),
        Charts.Line.of(
            "held out",
            HELD_OUT,
            SeriesMarkers.CIRCLE,
            reports,
            report -> report.heldOut().orElse(Map.of()),
            name));
  }
}
