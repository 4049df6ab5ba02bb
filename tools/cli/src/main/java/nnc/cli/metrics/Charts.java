package nnc.cli.metrics;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import nnc.cli.output.Figures;
import nnc.cli.output.WholeFiles;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts of figures over the epochs, or over something else that is counted. */
public final class Charts {
  static final int HEIGHT = 320;
  private static final int WIDTH = 900;
  private static final int MOST_MARKED = 40;
  private static final double MOST_PARTED = 3;
  private static final int UPRIGHT = 90;

  /** Of upright names, about, in pixels; and what stands beside the plot. */
  private static final int LETTER_WIDTH = 7;

  private static final int LETTER_HEIGHT = 14;
  private static final int MARGINS = 150;
  private static final int WIDE = 2;
  private static final int NARROW = 1;

  /** From here on what is small would be a flat line, and the axis is logarithmic. */
  private static final double LARGE_SPREAD = 10;

  /** Colours that can be told apart, also by the colour-blind (Okabe and Ito 2008, with grey for yellow). */
  private static final Color[] COLORS = {
    new Color(0x0072b2),
    new Color(0xd55e00),
    new Color(0x009e73),
    new Color(0xcc79a7),
    new Color(0xe69f00),
    new Color(0x56b4e9),
    new Color(0x000000),
    new Color(0x999999)
  };

  /** What tells lines of the same colour apart. */
  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP
  };

  private static final Color GRID = new Color(0xe2e2e2);

  private Charts() {}

  /** A colour for each of some lines; after the last the first comes again. */
  public static Color color(int line) {
    return COLORS[line % COLORS.length];
  }

  /** A marker for each of some lines: another one when colours come again. */
  static Marker marker(int line) {
    return MARKERS[line / COLORS.length % MARKERS.length];
  }

  /** A place of a line. */
  public record Point(double epoch, double value) {}

  /** A figure over the epochs; where it is no finite number nothing is drawn. */
  public record Line(String name, Color color, Marker marker, int width, List<Point> points) {
    public Line {
      points = points.stream().filter(point -> Double.isFinite(point.value())).toList();
    }

    /** A figure of each epoch. */
    static Line of(
        String name,
        Color color,
        Marker marker,
        List<EpochReport> reports,
        Function<EpochReport, Map<String, Double>> figures,
        String figure) {
      return new Line(
          name,
          color,
          marker,
          WIDE,
          reports.stream()
              .map(report ->
                  new Point(report.epoch(), figures.apply(report).getOrDefault(figure, Double.NaN)))
              .toList());
    }

    /** A figure of each interval. */
    static Line within(String name, Color color, List<IntervalReport> reports, String figure) {
      return new Line(
          name,
          color,
          SeriesMarkers.NONE,
          NARROW,
          reports.stream()
              .map(report ->
                  new Point(report.epoch(), report.train().getOrDefault(figure, Double.NaN)))
              .toList());
    }

    private double[] values() {
      return points.stream().mapToDouble(Point::value).toArray();
    }
  }

  static XYChart chart(String title, List<Line> lines) {
    return chart(title, "epoch", few(lines) ? Charts::parts : Charts::whole, lines);
  }

  /**
   * A chart of lines.
   *
   * @param axis what is counted
   * @param labels of its places
   */
  public static XYChart chart(
      String title, String axis, Function<Double, String> labels, List<Line> lines) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(axis)
            .theme(Styler.ChartTheme.Matlab)
            .build();
    style(chart.getStyler(), lines);
    chart.getStyler().setXAxisTickLabelsFormattingFunction(labels);
    lines.forEach(line -> draw(line, chart));
    return chart;
  }

  /**
   * A chart of points above names, all of which are shown: no line joins what does not follow from each other.
   *
   * @param names of the places 0, 1, …
   * @param lines whose points are drawn
   */
  public static CategoryChart named(
      String title, String axis, List<String> names, List<Line> lines) {
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Math.max(WIDTH, MARGINS + LETTER_HEIGHT * names.size()))
            .height(HEIGHT + LETTER_WIDTH * longest)
            .title(title)
            .xAxisTitle(axis)
            .theme(Styler.ChartTheme.Matlab)
            .build();
    style(chart.getStyler(), lines);
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Scatter)
        .setXAxisLabelRotation(UPRIGHT)
        .setXAxisTickMarkSpacingHint(1);
    for (Line line : lines) {
      List<@Nullable Double> values = new ArrayList<>(Collections.nCopies(names.size(), null));
      line.points().forEach(point -> values.set((int) point.epoch(), point.value()));
      if (!line.points().isEmpty()) {
        chart
            .addSeries(line.name(), names, values)
            .setMarker(line.marker())
            .setMarkerColor(line.color());
      }
    }
    return chart;
  }

  private static void style(AxesChartStyler styler, List<Line> lines) {
    styler
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setChartBackgroundColor(Color.WHITE)
        .setLegendBorderColor(Color.WHITE);
    styler
        .setPlotGridLinesColor(GRID)
        .setYAxisTickLabelsFormattingFunction(Figures::of)
        .setYAxisLogarithmic(spread(lines) > LARGE_SPREAD);
  }

  /** Whether there are so few epochs that their parts are worth a label. */
  private static boolean few(List<Line> lines) {
    return lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Point::epoch)
            .max()
            .orElse(MOST_PARTED)
        < MOST_PARTED;
  }

  private static String whole(double epoch) {
    return epoch == Math.rint(epoch) ? String.format(Locale.ROOT, "%.0f", epoch) : "";
  }

  private static String parts(double epoch) {
    return BigDecimal.valueOf(epoch).stripTrailingZeros().toPlainString();
  }

  /** How many times the smallest value the largest is; 0 if there is none, or one that has no logarithm. */
  private static double spread(List<Line> lines) {
    DoubleSummaryStatistics all =
        lines.stream().flatMapToDouble(line -> Arrays.stream(line.values())).summaryStatistics();
    return all.getMin() > 0 && all.getCount() > 0 ? all.getMax() / all.getMin() : 0;
  }

  private static void draw(Line line, XYChart chart) {
    List<Point> points = line.points();
    if (!points.isEmpty()) {
      chart
          .addSeries(
              line.name(), points.stream().mapToDouble(Point::epoch).toArray(), line.values())
          .setMarker(points.size() > MOST_MARKED ? SeriesMarkers.NONE : line.marker())
          .setMarkerColor(line.color())
          .setLineStyle(new BasicStroke(line.width()))
          .setLineColor(line.color());
    }
  }

  /** One chart above the other, as PNG; a Java without fonts tells that there is none, since no training ends for that. */
  public static void write(Path file, Supplier<? extends List<? extends IChart>> charts) {
    System.setProperty("java.awt.headless", "true");
    try {
      WholeFiles.write(Map.of(file, picture(file, charts.get())));
    } catch (LinkageError | InternalError e) {
      System.getLogger(Charts.class.getName())
          .log(System.Logger.Level.WARNING, file + " cannot be drawn by this Java: " + e);
    }
  }

  private static byte[] picture(Path file, List<? extends IChart> charts) {
    ImageIO.setUseCache(
        false); // its files want a hook at the end of the process, refused while a stopped training
    // ends
    List<BufferedImage> images = charts.stream().map(BitmapEncoder::getBufferedImage).toList();
    BufferedImage all =
        new BufferedImage(
            images.stream().mapToInt(BufferedImage::getWidth).max().orElse(1),
            images.stream().mapToInt(BufferedImage::getHeight).sum(),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = all.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, all.getWidth(), all.getHeight());
    int top = 0;
    for (BufferedImage image : images) {
      graphics.drawImage(image, 0, top, null);
      top += image.getHeight();
    }
    graphics.dispose();
    ByteArrayOutputStream picture = new ByteArrayOutputStream();
    try {
      ImageIO.write(all, "png", picture);
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
    return picture.toByteArray();
  }
}
