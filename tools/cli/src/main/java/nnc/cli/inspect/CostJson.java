package nnc.cli.inspect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import nnc.compiler.inspect.Amount;
import nnc.compiler.inspect.Costs;
import nnc.compiler.plan.Plan.Program;
import tools.jackson.core.JsonGenerator;

/** Costs as JSON. */
public final class CostJson {
  private final JsonGenerator json;
  private final Costs costs;

  private CostJson(JsonGenerator json, Costs costs) {
    this.json = json;
    this.costs = costs;
  }

  /**
   * Writes the properties {@code dims}, {@code balance}, {@code programs}, {@code layers} and {@code kernels}.
   *
   * @param balance how many operations a machine makes in the time that it takes to move a byte
   */
  public static void write(JsonGenerator json, Costs costs, double balance) {
    CostJson writer = new CostJson(json, costs);
    json.writeName("dims");
    json.writeStartObject();
    costs.sizes().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeNumberProperty("balance", balance);
    writer.programs();
    writer.layers();
    writer.kernels(balance);
  }

  private void programs() {
    json.writeName("programs");
    json.writeStartArray();
    for (Program program : Program.values()) {
      Costs.Total total = costs.total(program);
      if (total.bytes().value() > 0) {
        json.writeStartObject();
        json.writeStringProperty("name", lower(program));
        amount("operations", total.operations());
        amount("bytes", total.bytes());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private void layers() {
    json.writeName("layers");
    json.writeStartArray();
    costs
        .layers(costs.trains() ? Program.GRADIENT : Program.INFER)
        .forEach((path, layer) -> {
          json.writeStartObject();
          json.writeStringProperty("path", path);
          amount("forward", layer.forward());
          amount("gradient", layer.gradient());
          amount("bytes", layer.bytes());
          json.writeEndObject();
        });
    json.writeEndArray();
  }

  private void kernels(double balance) {
    json.writeName("kernels");
    json.writeStartArray();
    for (Costs.Entry entry : costs.entries()) {
      json.writeStartObject();
      json.writeStringProperty("id", entry.id());
      json.writeStringProperty("name", entry.kernel().head().name());
      json.writeStringProperty("part", lower(entry.kernel().head().part()));
      strings("programs", entry.programs().stream().map(CostJson::lower).toList());
      json.writeStringProperty("limit", entry.intensity() >= balance ? "arithmetic" : "memory");
      amount("operations", entry.operations());
      amount("bytes", entry.bytes());
      GraphJson.place(json, entry.kernel().head().subject().place());
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

  private void amount(String name, Amount amount) {
    json.writeName(name);
    json.writeStartObject();
    json.writeNumberProperty("value", Math.round(amount.value()));
    json.writeStringProperty("formula", amount.toString());
    json.writeName("terms");
    json.writeStartArray();
    for (Map.Entry<Map<String, Integer>, Double> term : amount.terms()) {
      json.writeStartObject();
      json.writeNumberProperty("factor", term.getValue());
      json.writeName("powers");
      json.writeStartObject();
      term.getKey().forEach(json::writeNumberProperty);
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
