package nnc.cli.metrics;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.cli.output.WholeFiles;
import org.knowm.xchart.XYChart;

/** A picture of several trainings side by side: a chart for each figure, of trained and of held-out rows. */
public final class ComparedCurves {
  private static final float SATURATION = 0.75f;
  private static final float BRIGHTNESS = 0.8f;

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
    List<XYChart> charts = new ArrayList<>();
    for (String name : names) {
      charts.add(Charts.chart("train: " + name, lines(runs, name, false)));
      if (runs.values().stream()
          .allMatch(reports -> reports.stream().anyMatch(each -> each.heldOut().isPresent()))) {
        charts.add(Charts.chart("held out: " + name, lines(runs, name, true)));
      }
    }
    if (charts.isEmpty()) { // somebody has taken the logs away
      return;
    }
    try {
      WholeFiles.write(Map.of(file, Charts.picture(file, charts)));
    } catch (LinkageError | InternalError e) { // a Java without fonts; no training ends for that
      System.getLogger(ComparedCurves.class.getName())
          .log(System.Logger.Level.WARNING, file + " cannot be drawn by this Java: " + e);
    }
  }

  private static List<Charts.Line> lines(
      Map<String, List<EpochReport>> runs, String figure, boolean heldOut) {
    List<Charts.Line> lines = new ArrayList<>();
    runs.forEach((name, reports) ->
        lines.add(
            new Charts.Line(
                name,
                Color.getHSBColor((float) lines.size() / runs.size(), SATURATION, BRIGHTNESS),
                reports,
                report ->
                    (heldOut ? report.heldOut().orElse(Map.of()) : report.train())
                        .getOrDefault(figure, Double.NaN))));
    return lines;
  }
}
