package nnc.cli.train;

import java.util.Map;
import java.util.Optional;
import nnc.cli.output.Json;

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

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
