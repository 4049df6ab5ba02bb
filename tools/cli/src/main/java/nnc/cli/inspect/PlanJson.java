package nnc.cli.inspect;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import nnc.compiler.inspect.MemoryUse;
import nnc.compiler.ir.Known;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.PlanPrinter;
import tools.jackson.core.JsonGenerator;

/** A plan, and its memory, as JSON. */
public final class PlanJson {
  private final JsonGenerator json;
  private final Plan plan;
  private final Predicate<Kernel> wanted;

  /** Each buffer that is mentioned, and what it is called. */
  private final Map<Buffer, String> ids = new HashMap<>();

  private PlanJson(JsonGenerator json, Plan plan, Predicate<Kernel> wanted) {
    this.json = json;
    this.plan = plan;
    this.wanted = wanted;
  }

  /** Writes the properties {@code kernels}, {@code buffers} and {@code fusion}. @param wanted which kernels are written */
  public static void plan(
      JsonGenerator json,
      Plan plan,
      TypedModel model,
      Predicate<Kernel> wanted,
      Function<Kernel, List<String>> formulas) {
    PlanJson writer = new PlanJson(json, plan, wanted);
    List<Buffer> buffers = writer.number();
    json.writeName("kernels");
    json.writeStartArray();
    for (int i = 0; i < plan.kernels().size(); i++) {
      int number = i;
      writer.kernel(
          plan.kernels().get(i),
          String.valueOf(i),
          plan.programs().entrySet().stream()
              .filter(program -> program.getValue().contains(number))
              .map(program -> lower(program.getKey()))
              .toList(),
          formulas);
    }
    json.writeEndArray();
    writer.buffers(buffers, MemoryUse.of(plan, model));
    strings(json, "fusion", plan.report());
  }

  /** Writes sizes, {@code peaks} and {@code buffers}. @param wanted the kernels whose buffers are written */
  public static void memory(
      JsonGenerator json, Plan plan, TypedModel model, Predicate<Kernel> wanted) {
    PlanJson writer = new PlanJson(json, plan, wanted);
    List<Buffer> buffers = writer.number();
    MemoryUse use = MemoryUse.of(plan, model);
    json.writeNumberProperty("parameters", plan.parameterElements());
    json.writeNumberProperty("optimizerState", plan.stateElements());
    json.writeNumberProperty("trainingArena", plan.trainingMemory());
    json.writeNumberProperty("inferenceArena", plan.inferenceMemory());
    json.writeNumberProperty("scratch", plan.scratch());
    json.writeName("peaks");
    json.writeStartArray();
    for (MemoryUse.Peak peak : use.peaks()) {
      json.writeStartObject();
      json.writeStringProperty("what", peak.what());
      json.writeStringProperty("kernel", String.valueOf(peak.kernel()));
      json.writeNumberProperty("floats", peak.floats());
      strings(json, "held", writer.ids(peak.held()));
      json.writeEndObject();
    }
    json.writeEndArray();
    writer.buffers(buffers, use);
  }

  /** What the wanted kernels touch, and what lies around that. */
  private List<Buffer> number() {
    Set<Buffer> buffers = new LinkedHashSet<>();
    for (Kernel kernel : plan.kernels()) {
      for (Kernel each : kernel.all()) {
        if (wanted.test(each)) {
          for (Buffer buffer : each.head().touched()) {
            for (Buffer part = buffer; buffers.add(part) && part.part().isPresent(); ) {
              part = part.part().get().whole();
            }
          }
        }
      }
    }
    buffers.forEach(buffer -> ids.put(buffer, "b" + ids.size()));
    return List.copyOf(buffers);
  }

  private void kernel(
      Kernel kernel, String id, List<String> programs, Function<Kernel, List<String>> formulas) {
    if (!wanted.test(kernel)) {
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("id", id);
    json.writeStringProperty("name", kernel.head().name());
    json.writeStringProperty("part", lower(kernel.head().part()));
    json.writeStringProperty("kind", kernel.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    json.writeStringProperty("form", PlanPrinter.form(kernel));
    strings(json, "programs", programs);
    strings(json, "formulas", formulas.apply(kernel));
    strings(json, "reads", ids(kernel.head().reads()));
    strings(json, "writes", ids(kernel.head().writes()));
    strings(json, "layers", kernel.head().subject().layers());
    GraphJson.place(json, kernel.head().subject().place());
    json.writeName("inner");
    json.writeStartArray();
    for (int i = 0; i < kernel.inner().size(); i++) {
      kernel(kernel.inner().get(i), id + "." + i, programs, formulas);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void buffers(List<Buffer> buffers, MemoryUse use) {
    Map<Buffer, MemoryUse.Entry> entries = new HashMap<>();
    use.entries().forEach(entry -> entries.put(entry.buffer(), entry));
    json.writeName("buffers");
    json.writeStartArray();
    for (Buffer buffer : buffers) {
      Optional<MemoryUse.Entry> entry = Optional.ofNullable(entries.get(buffer));
      json.writeStartObject();
      json.writeStringProperty("id", ids.getOrDefault(buffer, ""));
      json.writeStringProperty("name", buffer.name());
      json.writeStringProperty("space", lower(buffer.space()));
      json.writeName("shape");
      GraphJson.shape(json, buffer.shape());
      json.writeNumberProperty("floats", buffer.elements());
      GraphJson.optional(
          json, "within", buffer.part().map(part -> ids.getOrDefault(part.whole(), "")));
      number("offset", buffer.isPlaced() ? Optional.of(buffer.offset()) : Optional.empty());
      number("from", entry.map(placed -> placed.buffer().firstUse()));
      number("to", entry.map(placed -> placed.buffer().lastUse()));
      GraphJson.place(json, entry.flatMap(MemoryUse.Entry::place));
      strings(json, "shares", ids(entry.map(MemoryUse.Entry::shares).orElse(List.of())));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Of those that are mentioned. */
  private List<String> ids(List<Buffer> some) {
    return some.stream().filter(ids::containsKey).map(buffer -> Known.in(ids, buffer)).toList();
  }

  private void number(String name, Optional<Integer> value) {
    json.writeName(name);
    if (value.isPresent()) {
      json.writeNumber(value.get());
    } else {
      json.writeNull();
    }
  }

  private static void strings(JsonGenerator json, String name, List<String> strings) {
    json.writeName(name);
    json.writeStartArray();
    strings.forEach(json::writeString);
    json.writeEndArray();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
