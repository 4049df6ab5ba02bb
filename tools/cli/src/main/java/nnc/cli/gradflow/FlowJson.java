package nnc.cli.gradflow;

import java.util.Locale;
import nnc.cli.output.Json;
import tools.jackson.core.JsonGenerator;

/** What was seen, as JSON. */
final class FlowJson {
  private FlowJson() {}

  static String of(GradientFlow seen) {
    return Json.object(json -> {
      json.writeStringProperty("model", seen.model().name());
      json.writeNumberProperty("rows", seen.rows());
      json.writeNumberProperty("seed", seen.seed());
      json.writeArrayPropertyStart("looks");
      seen.flows().forEach(flow -> flow(json, flow));
      json.writeEndArray();
      json.writeArrayPropertyStart("cures");
      seen.cures()
          .forEach(cure -> {
            json.writeStartObject();
            json.writeStringProperty("name", cure.name());
            json.writeStringProperty("text", cure.text());
            json.writeEndObject();
          });
      json.writeEndArray();
    });
  }

  private static void flow(JsonGenerator json, Flow flow) {
    json.writeStartObject();
    json.writeNumberProperty("step", flow.step());
    number(json, "loss", flow.loss());
    json.writeArrayPropertyStart("values");
    flow.values().forEach(value -> value(json, value));
    json.writeEndArray();
    json.writeArrayPropertyStart("parameters");
    for (Flow.Weights weights : flow.weights()) {
      json.writeStartObject();
      json.writeStringProperty("path", weights.path());
      json.writeStringProperty("shape", weights.shape());
      number(json, "rms", weights.size());
      number(json, "gradient", weights.gradient());
      number(json, "update", weights.update());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("recurrences");
    flow.loops().forEach(loop -> through(json, loop));
    json.writeEndArray();
    json.writeArrayPropertyStart("findings");
    for (Finding finding : Diagnosis.of(flow)) {
      json.writeStartObject();
      json.writeStringProperty("verdict", finding.kind().word());
      json.writeStringProperty("of", finding.scope().name().toLowerCase(Locale.ROOT));
      json.writeStringProperty("text", finding.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void value(JsonGenerator json, Flow.Value value) {
    json.writeStartObject();
    json.writeStringProperty("name", value.name());
    json.writeStringProperty("shape", value.shape());
    json.writeNumberProperty("depth", value.depth());
    number(json, "rms", value.size());
    number(json, "gradient", value.gradient());
    number(json, "ratio", value.ratio());
    number(json, "zeros", value.zeros());
    number(json, "dead", value.dead());
    number(json, "saturated", value.saturated());
    json.writeEndObject();
  }

  private static void through(JsonGenerator json, Flow.Through loop) {
    json.writeStartObject();
    json.writeStringProperty("name", loop.name());
    json.writeNumberProperty("steps", loop.steps());
    json.writeBooleanProperty("reverse", loop.reverse());
    json.writeArrayPropertyStart("states");
    for (Flow.State state : loop.states()) {
      json.writeStartObject();
      json.writeStringProperty("name", state.name());
      numbers(json, "rms", state.size());
      numbers(json, "gradient", state.gradient());
      numbers(json, "left", state.left());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void numbers(JsonGenerator json, String name, double[] values) {
    json.writeArrayPropertyStart(name);
    for (double value : values) {
      Json.number(json, value);
    }
    json.writeEndArray();
  }

  private static void number(JsonGenerator json, String name, double value) {
    json.writeName(name);
    Json.number(json, value);
  }
}
