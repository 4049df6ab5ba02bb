package nnc.cli.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.cli.output.Figures;

/**
 * What the probed tensors were like in the last step of an interval.
 *
 * @param epoch how many epochs had been trained after it, the part of one too
 * @param step how many steps had been made in all
 * @param tensors by their names
 */
public record ProbeReport(double epoch, long step, Map<String, Statistics> tensors) {
  static final String EPOCH = "epoch";

  /** A row of a table for each tensor, its cells by column. */
  List<Map<String, String>> rows() {
    List<Map<String, String>> rows = new ArrayList<>();
    tensors.forEach((name, statistics) -> {
      Map<String, String> cells = new LinkedHashMap<>();
      cells.put(EPOCH, Double.toString(epoch));
      cells.put("step", Long.toString(step));
      cells.put("name", name);
      statistics.figures().forEach((column, value) -> cells.put(column, MetricsTable.cell(value)));
      rows.add(cells);
    });
    return rows;
  }

  /** A line for people for each tensor. */
  public List<String> lines() {
    int width = tensors.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>();
    tensors.forEach((name, statistics) ->
        lines.add(
            "step "
                + step
                + "   "
                + name
                + " ".repeat(width - name.length())
                + "   "
                + Figures.of(statistics.figures())));
    return lines;
  }
}
