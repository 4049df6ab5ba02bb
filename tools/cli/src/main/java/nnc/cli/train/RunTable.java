package nnc.cli.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import nnc.cli.output.Figures;

/** The held-out figures of several trainings; of those that differ by their seeds, with mean and standard deviation. */
public final class RunTable {
  private static final int CELL = 8;

  private final String kind;
  private final boolean summary;
  private final Map<String, Map<String, Double>> figures = new LinkedHashMap<>();

  /**
   * @param kind what trainings differ by
   * @param summary whether their mean says something
   */
  public RunTable(String kind, boolean summary) {
    this.kind = kind;
    this.summary = summary;
  }

  /** @param values loss and metrics by name; none of a training that diverged, which count as NaN */
  public void add(String run, Map<String, Double> values) {
    figures.put(run, values);
  }

  /** A line for each training, and a summary below; none if there are no figures. */
  public List<String> lines() {
    List<String> names =
        figures.values().stream().flatMap(values -> values.keySet().stream()).distinct().toList();
    if (names.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(kind, names, names));
    figures.forEach((run, values) ->
        lines.add(
            line(
                run,
                names.stream()
                    .map(name -> Figures.of(values.getOrDefault(name, Double.NaN)))
                    .toList(),
                names)));
    if (summary) {
      lines.add(line("mean", summary(names, RunTable::mean), names));
      lines.add(line("deviation", summary(names, RunTable::deviation), names));
    }
    return lines;
  }

  private List<String> summary(List<String> names, ToDoubleFunction<double[]> of) {
    return names.stream().map(name -> Figures.of(of.applyAsDouble(column(name)))).toList();
  }

  private double[] column(String name) {
    return figures.values().stream()
        .mapToDouble(values -> values.getOrDefault(name, Double.NaN))
        .toArray();
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).sum() / values.length;
  }

  /** Of the values as a sample: the sum of squares is divided by one less than their number. */
  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  private static String line(String first, List<String> cells, List<String> names) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%10s", first));
    for (int i = 0; i < cells.size(); i++) {
      int width = Math.max(CELL, names.get(i).length());
      line.append(String.format(Locale.ROOT, "   %" + width + "s", cells.get(i)));
    }
    return line.toString();
  }
}
