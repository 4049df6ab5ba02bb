package nnc.cli.diff;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import nnc.cli.inspect.GraphJson;
import tools.jackson.core.JsonGenerator;

/** A difference as JSON. */
public final class DifferenceJson {
  private final JsonGenerator json;

  private DifferenceJson(JsonGenerator json) {
    this.json = json;
  }

  /** Writes the properties of an object. */
  public static void write(JsonGenerator json, ModelDifference difference) {
    DifferenceJson writer = new DifferenceJson(json);
    writer.side("a", difference.a());
    writer.side("b", difference.b());
    json.writeBooleanProperty("equal", difference.isEmpty());
    writer.quantities("summary", difference.summary());
    difference.parameters().ifPresent(writer::parameters);
    difference.graph().ifPresent(graph -> writer.object("graph", () -> writer.graph(graph)));
    difference
        .gradient()
        .ifPresent(gradient ->
            writer.object(
                "gradient",
                () -> {
                  writer.graph(gradient.operations());
                  writer.strings("kernels", gradient.kernels());
                }));
    difference
        .memory()
        .ifPresent(memory ->
            writer.object(
                "memory",
                () -> {
                  writer.quantities("sizes", memory.sizes());
                  writer.quantities("values", memory.values());
                }));
    difference.cost().ifPresent(writer::cost);
    difference.training().ifPresent(lines -> writer.strings("training", lines));
  }

  private void side(String name, Side side) {
    object(
        name,
        () -> {
          json.writeStringProperty("file", side.file());
          json.writeStringProperty("model", side.model().name());
        });
  }

  private void parameters(ModelDifference.Parameters parameters) {
    array(
        "parameters",
        parameters.tensors(),
        each -> {
          json.writeStringProperty("what", lower(each.kind()));
          tensor("a", each.a());
          tensor("b", each.b());
        });
    LayerDifference layers = parameters.layers();
    object(
        "layers",
        () -> {
          strings("added", layers.added());
          strings("removed", layers.removed());
          object("renamed", () -> layers.renamed().forEach(json::writeStringProperty));
        });
  }

  private void tensor(String name, Optional<ParameterDifference.Tensor> tensor) {
    if (tensor.isEmpty()) {
      json.writeName(name);
      json.writeNull();
      return;
    }
    object(
        name,
        () -> {
          json.writeStringProperty("path", tensor.get().path());
          json.writeName("shape");
          GraphJson.shape(json, tensor.get().shape());
          json.writeNumberProperty("elements", tensor.get().elements());
          json.writeStringProperty("kind", tensor.get().kind());
          json.writeStringProperty("initialiser", tensor.get().initialiser());
        });
  }

  private void graph(GraphDifference graph) {
    json.writeNumberProperty("alike", graph.count(GraphDifference.Kind.ALIKE));
    array(
        "operations",
        graph.entries().stream().filter(GraphDifference.Entry::differs).toList(),
        entry -> {
          json.writeStringProperty("what", lower(entry.kind()));
          json.writeStringProperty("line", entry.line().strip());
          strings("differences", entry.differences());
        });
    strings("roots", graph.roots());
  }

  private void cost(CostDifference cost) {
    object(
        "cost",
        () -> {
          array(
              "parts",
              cost.parts(),
              part -> {
                json.writeStringProperty("name", part.name());
                object(
                    "operations",
                    () -> {
                      sides(part.operations());
                      json.writeStringProperty("formulaA", part.a());
                      json.writeStringProperty("formulaB", part.b());
                    });
                object("bytes", () -> sides(part.bytes()));
              });
          quantities("layers", cost.layers());
        });
  }

  private void quantities(String name, List<Quantity> quantities) {
    array(
        name,
        quantities,
        each -> {
          json.writeStringProperty("name", each.name());
          json.writeStringProperty("unit", each.unit().measure());
          sides(each);
        });
  }

  private void sides(Quantity quantity) {
    json.writeNumberProperty("a", Math.round(quantity.a()));
    json.writeNumberProperty("b", Math.round(quantity.b()));
  }

  private void object(String name, Runnable content) {
    json.writeName(name);
    json.writeStartObject();
    content.run();
    json.writeEndObject();
  }

  private <T> void array(String name, List<T> elements, Consumer<T> element) {
    json.writeName(name);
    json.writeStartArray();
    for (T each : elements) {
      json.writeStartObject();
      element.accept(each);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void strings(String name, List<String> strings) {
    json.writeName(name);
    json.writeStartArray();
    strings.forEach(json::writeString);
    json.writeEndArray();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
