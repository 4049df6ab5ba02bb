package nnc.cli.metrics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.XYChart;

/** A picture of several trainings side by side: a chart for each figure, of trained and of held-out rows. */
public final class ComparedCurves {
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
                Charts.color(lines.size()),
                Charts.marker(lines.size()),
                reports,
                report -> heldOut ? report.heldOut().orElse(Map.of()) : report.train(),
                figure)));
    return lines;
  }
}
