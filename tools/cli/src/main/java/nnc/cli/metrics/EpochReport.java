package nnc.cli.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import nnc.cli.output.Json;
import tools.jackson.databind.JsonNode;

/**
 * What an epoch came to.
 *
 * @param epoch counted from 1
 * @param step how many steps have been made in all
 * @param seconds since this run began
 * @param examplesPerSecond rows trained a second, evaluation not counted
 * @param train loss and metrics by name over the epoch's batches, as they were when each was trained
 * @param heldOut the same over the held-out rows, after the epoch
 */
public record EpochReport(
    int epoch,
    long step,
    double seconds,
    double examplesPerSecond,
    Map<String, Double> train,
    Optional<Map<String, Double>> heldOut) {

  /** The line of {@code --metrics}. */
  String json() {
    return Json.object(json -> {
      json.writeNumberProperty("epoch", epoch);
      json.writeNumberProperty("step", step);
      json.writeNumberProperty("seconds", rounded(seconds));
      json.writeNumberProperty("examples_per_second", rounded(examplesPerSecond));
      json.writeName("train");
      json.writeStartObject();
      Json.numbers(json, train);
      json.writeEndObject();
      heldOut.ifPresent(values -> {
        json.writeName("held_out");
        json.writeStartObject();
        Json.numbers(json, values);
        json.writeEndObject();
      });
    });
  }

  /** Reads what {@link #json} has written; what was not finite is NaN. */
  static EpochReport parse(JsonNode line) {
    return new EpochReport(
        line.path("epoch").intValue(),
        line.path("step").longValue(),
        line.path("seconds").doubleValue(),
        line.path("examples_per_second").doubleValue(),
        values(line.path("train")),
        Optional.of(line.path("held_out")).filter(JsonNode::isObject).map(EpochReport::values));
  }

  private static Map<String, Double> values(JsonNode object) {
    Map<String, Double> values = new LinkedHashMap<>();
    object
        .properties()
        .forEach(value -> values.put(value.getKey(), value.getValue().asDouble(Double.NaN)));
    return values;
  }

  /** The cells of a table by its columns: {@code epoch}, {@code train.loss}, {@code held_out.loss}; empty if not finite. */
  Map<String, String> cells() {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("epoch", Integer.toString(epoch));
    cells.put("step", Long.toString(step));
    cells.put("seconds", Double.toString(rounded(seconds)));
    cells.put("examples_per_second", Double.toString(rounded(examplesPerSecond)));
    figures(".").forEach((name, value) -> cells.put(name, MetricsTable.cell(value)));
    return cells;
  }

  /** Loss and metrics, their names behind {@code train} or {@code held_out}. */
  Map<String, Double> figures(String separator) {
    Map<String, Double> figures = new LinkedHashMap<>();
    train.forEach((name, value) -> figures.put("train" + separator + name, value));
    heldOut.ifPresent(values ->
        values.forEach((name, value) -> figures.put("held_out" + separator + name, value)));
    return figures;
  }

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
