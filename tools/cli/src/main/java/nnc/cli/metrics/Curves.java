package nnc.cli.metrics;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import nnc.cli.output.Figures;
import nnc.cli.output.WholeFiles;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of loss and metrics over the epochs: a chart for each, one above the other, with train and held-out rows. It is drawn
 * now and then, and at the end.
 */
final class Curves implements MetricsFile {
  private static final long NANOSECONDS_BETWEEN = 10_000_000_000L;
  private static final int WIDTH = 900;
  static final int HEIGHT = 320;
  private static final int MOST_MARKED = 40;
  static final Color TRAIN = new Color(0x1f77b4);
  static final Color HELD_OUT = new Color(0xd6601a);
  private static final Color GRID = new Color(0xe2e2e2);

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
    try {
      byte[] picture = picture();
      WholeFiles.write(Map.of(file, picture));
    } catch (LinkageError | InternalError e) { // a Java without fonts; no training ends for that
      System.getLogger(Curves.class.getName())
          .log(System.Logger.Level.WARNING, file + " cannot be drawn by this Java: " + e);
    }
    drawn = System.nanoTime();
  }

  private byte[] picture() {
    System.setProperty("java.awt.headless", "true");
    Set<String> names = new LinkedHashSet<>();
    reports.forEach(report -> names.addAll(report.train().keySet()));
    List<XYChart> charts = names.stream().map(this::chart).toList();
    ByteArrayOutputStream picture = new ByteArrayOutputStream();
    try {
      BitmapEncoder.saveBitmap(charts, charts.size(), 1, picture, BitmapEncoder.BitmapFormat.PNG);
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
    return picture.toByteArray();
  }

  private XYChart chart(String name) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(name)
            .xAxisTitle("epoch")
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setChartBackgroundColor(Color.WHITE)
        .setLegendBorderColor(Color.WHITE);
    chart
        .getStyler()
        .setPlotGridLinesColor(GRID)
        .setXAxisTickLabelsFormattingFunction(x -> x == Math.rint(x) ? "%.0f".formatted(x) : "")
        .setYAxisTickLabelsFormattingFunction(Figures::of);
    line(chart, "train", TRAIN, report -> report.train().getOrDefault(name, Double.NaN));
    line(
        chart,
        "held out",
        HELD_OUT,
        report -> report.heldOut().map(values -> values.get(name)).orElse(Double.NaN));
    return chart;
  }

  private void line(XYChart chart, String name, Color color, Function<EpochReport, Double> figure) {
    List<EpochReport> known =
        reports.stream().filter(report -> Double.isFinite(figure.apply(report))).toList();
    if (!known.isEmpty()) {
      chart
          .addSeries(
              name,
              known.stream().mapToDouble(EpochReport::epoch).toArray(),
              known.stream().mapToDouble(figure::apply).toArray())
          .setMarker(known.size() > MOST_MARKED ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE)
          .setMarkerColor(color)
          .setLineStyle(new BasicStroke(2))
          .setLineColor(color);
    }
  }
}
