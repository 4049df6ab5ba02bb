package nnc.cli.metrics;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of several trainings side by side: a chart for each figure, of trained and of held-out rows. */
public final class ComparedCurves {
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

  private ComparedCurves() {}

  /**
   * Draws what the logs of trainings say.
   *
   * @param directories those of the trainings, by name
   */
  public static void draw(Path file, Map<String, Path> directories) {
    Map<String, List<EpochReport>> runs = new LinkedHashMap<>();
    directories.forEach((name, directory) ->
        runs.put(name, MetricsLog.history(directory.resolve("metrics.jsonl"), Integer.MAX_VALUE)));
    Set<String> names = new LinkedHashSet<>();
    runs.values().forEach(reports -> reports.forEach(each -> names.addAll(each.train().keySet())));
    if (!names.isEmpty()) { // unless somebody has taken the logs away
      Charts.write(file, () -> charts(runs, names));
    }
  }

  private static List<XYChart> charts(Map<String, List<EpochReport>> runs, Set<String> names) {
    List<XYChart> charts = new ArrayList<>();
    for (String name : names) {
      charts.add(Charts.chart("train: " + name, lines(runs, name, false)));
      if (runs.values().stream()
          .filter(reports -> !reports.isEmpty()) // none of what diverged in its first epoch
          .allMatch(reports -> reports.stream().anyMatch(each -> each.heldOut().isPresent()))) {
        charts.add(Charts.chart("held out: " + name, lines(runs, name, true)));
      }
    }
    return charts;
  }

  private static List<Charts.Line> lines(
      Map<String, List<EpochReport>> runs, String figure, boolean heldOut) {
    List<Charts.Line> lines = new ArrayList<>();
    runs.forEach((name, reports) ->
        lines.add(
            Charts.Line.of(
                name,
                COLORS[lines.size() % COLORS.length],
                MARKERS[lines.size() / COLORS.length % MARKERS.length],
                reports,
                report -> heldOut ? report.heldOut().orElse(Map.of()) : report.train(),
                figure)));
    return lines;
  }
}
