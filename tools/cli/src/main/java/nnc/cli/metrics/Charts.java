package nnc.cli.metrics;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import nnc.cli.output.Figures;
import nnc.cli.output.WholeFiles;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts of figures over the epochs. */
final class Charts {
  static final int HEIGHT = 320;
  private static final int WIDTH = 900;
  private static final int MOST_MARKED = 40;
  private static final Color GRID = new Color(0xe2e2e2);

  private Charts() {}

  /** A figure of each epoch; where it is no finite number nothing is drawn. */
  record Line(
      String name, Color color, List<EpochReport> reports, ToDoubleFunction<EpochReport> figure) {}

  static XYChart chart(String title, List<Line> lines) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
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
    lines.forEach(line -> draw(line, chart));
    return chart;
  }

  private static void draw(Line line, XYChart chart) {
    List<EpochReport> known =
        line.reports().stream()
            .filter(report -> Double.isFinite(line.figure().applyAsDouble(report)))
            .toList();
    if (!known.isEmpty()) {
      chart
          .addSeries(
              line.name(),
              known.stream().mapToDouble(EpochReport::epoch).toArray(),
              known.stream().mapToDouble(line.figure()).toArray())
          .setMarker(known.size() > MOST_MARKED ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE)
          .setMarkerColor(line.color())
          .setLineStyle(new BasicStroke(2))
          .setLineColor(line.color());
    }
  }

  /** One chart above the other, as PNG. */
  static byte[] picture(Path file, List<XYChart> charts) {
    System.setProperty("java.awt.headless", "true");
    ByteArrayOutputStream picture = new ByteArrayOutputStream();
    try {
      BitmapEncoder.saveBitmap(charts, charts.size(), 1, picture, BitmapEncoder.BitmapFormat.PNG);
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
    return picture.toByteArray();
  }
}
