package nnc.cli.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import nnc.cli.output.Json;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import nnc.runtime.Safetensors;
import nnc.runtime.TensorFileException;
import nnc.runtime.Vocabularies;
import nnc.runtime.text.Vocabulary;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What a checkpoint says beside its tensors, as texts under {@code __metadata__}: {@code nnc.format}, {@code nnc.version}, {@code
 * nnc.model}, and in JSON {@code nnc.sources}, {@code nnc.settings}, {@code nnc.vocabularies} and {@code nnc.run}. Nothing in it
 * depends on the time or the machine.
 *
 * @param version of nnc, which wrote it
 * @param sources the model's texts, the main one first
 * @param model the model's name
 * @param way in which it is trained, where there are several
 * @param settings sizes of dims that were set from outside
 * @param vocabularies how symbols are numbered, by the field of the data that they are read from
 * @param epochs how many there are to be in all
 * @param patience how many epochs without a lower held-out loss end the training
 * @param layout what the batches of an epoch follow from, where the version of nnc that wrote it said so
 */
public record CheckpointMetadata(
    String version,
    List<Source> sources,
    String model,
    Optional<String> way,
    Map<String, Integer> settings,
    Map<String, Vocabulary> vocabularies,
    long seed,
    int epochs,
    OptionalInt patience,
    Optional<EpochLayout> layout,
    RunPosition position) {
  /** The version of this nnc: that of its jar. */
  static final String OWN_VERSION =
      Optional.ofNullable(CheckpointMetadata.class.getPackage().getImplementationVersion())
          .orElse("(development)");

  private static final String FORMAT = "1";
  private static final String FORMAT_KEY = "nnc.format";
  private static final String VERSION_KEY = "nnc.version";
  private static final String MODEL_KEY = "nnc.model";
  private static final String WAY_KEY = "nnc.as";
  private static final String SOURCES_KEY = "nnc.sources";
  private static final String SETTINGS_KEY = "nnc.settings";
  private static final String RUN_KEY = "nnc.run";

  public CheckpointMetadata {
    sources = List.copyOf(sources);
    settings = new TreeMap<>(settings);
    vocabularies = Collections.unmodifiableMap(new LinkedHashMap<>(vocabularies));
  }

  /**
   * Refuses the checkpoint of a model that is called otherwise: a training goes on with what it began with.
   *
   * @throws CompileException if it is another one's
   */
  void requireModel(String name) {
    if (!model.equals(name)) {
      throw new CompileException(
          Diagnostic.of(
                  "resume", "the checkpoint is of the model '" + model + "', not of '" + name + "'")
              .help("name the directory of its own training, or begin anew in another one"));
    }
  }

  CheckpointMetadata at(RunPosition now) {
    return new CheckpointMetadata(
        version, sources, model, way, settings, vocabularies, seed, epochs, patience, layout, now);
  }

  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT_KEY, FORMAT);
    texts.put(VERSION_KEY, version);
    texts.put(MODEL_KEY, model);
    way.ifPresent(name -> texts.put(WAY_KEY, name));
    texts.put(SOURCES_KEY, sourcesJson());
    texts.put(SETTINGS_KEY, Json.object(json -> settings.forEach(json::writeNumberProperty)));
    if (!vocabularies.isEmpty()) {
      texts.put(Vocabularies.KEY, Vocabularies.write(vocabularies));
    }
    texts.put(RUN_KEY, runJson());
    return texts;
  }

  private String sourcesJson() {
    return Json.of(json -> {
      json.writeStartArray();
      for (Source source : sources) {
        json.writeStartObject();
        json.writeStringProperty("name", source.name());
        json.writeStringProperty("text", source.text());
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  private String runJson() {
    return Json.object(json -> {
      json.writeNumberProperty("seed", seed);
      json.writeNumberProperty("epochs", epochs);
      patience.ifPresent(limit -> json.writeNumberProperty("patience", limit));
      layout.ifPresent(now -> {
        json.writeNumberProperty("rows", now.rows());
        json.writeNumberProperty("trained", now.trained());
        json.writeNumberProperty("batch_size", now.batch());
        json.writeNumberProperty("accumulate", now.accumulated());
        json.writeName("lengths");
        json.writeStartArray();
        now.lengths().forEach(json::writeString);
        json.writeEndArray();
      });
      json.writeNumberProperty("epoch", position.epochs());
      json.writeNumberProperty("batch", position.batches());
      json.writeNumberProperty("step", position.steps());
      position
          .best()
          .ifPresent(best -> {
            json.writeName("best");
            json.writeStartObject();
            json.writeNumberProperty("epoch", best.epoch());
            json.writeStringProperty("loss", Double.toString(best.loss()));
            json.writeEndObject();
          });
      totals(json, position.totals());
      json.writeName("interval");
      json.writeStartObject();
      json.writeNumberProperty("since", position.interval().since());
      json.writeNumberProperty("rows", position.interval().rows());
      totals(json, position.interval().totals());
      json.writeEndObject();
    });
  }

  private static void totals(JsonGenerator json, Map<String, double[]> totals) {
    json.writeName("totals");
    json.writeStartObject();
    new TreeMap<>(totals)
        .forEach((name, sums) -> {
          json.writeName(name);
          json.writeStartArray();
          for (double sum : sums) {
            json.writeString(Double.toString(sum)); // as text, since a sum may be infinite
          }
          json.writeEndArray();
        });
    json.writeEndObject();
  }

  static CheckpointMetadata parse(Safetensors tensors) {
    Map<String, String> texts = tensors.metadata();
    String format = texts.get(FORMAT_KEY);
    if (format == null) {
      throw wrong(
          tensors,
          "a checkpoint of nnc train",
          "tensors without the model's text",
          "train with --out DIR; parameters alone can be read by --init");
    }
    if (!format.equals(FORMAT)) {
      throw wrong(
          tensors,
          "a checkpoint of format " + FORMAT,
          "format " + format,
          "use the version of nnc that wrote it");
    }
    try {
      List<Source> sources = new ArrayList<>();
      json(texts, SOURCES_KEY)
          .values()
          .forEach(file ->
              sources.add(
                  new Source(file.path("name").stringValue(), file.path("text").stringValue())));
      if (sources.isEmpty() || !texts.containsKey(MODEL_KEY)) {
        throw damaged(tensors);
      }
      JsonNode run = json(texts, RUN_KEY);
      RunPosition position =
          new RunPosition(
              run.path("epoch").intValue(),
              run.path("batch").intValue(),
              run.path("step").longValue(),
              totals(run.path("totals")),
              interval(run),
              Optional.of(run.path("best"))
                  .filter(JsonNode::isObject)
                  .map(best ->
                      new RunPosition.Best(
                          best.path("epoch").intValue(),
                          Double.parseDouble(best.path("loss").stringValue()))));
      return new CheckpointMetadata(
          texts.getOrDefault(VERSION_KEY, "before 0.1.0"),
          sources,
          texts.get(MODEL_KEY),
          Optional.ofNullable(texts.get(WAY_KEY)),
          settings(tensors),
          Vocabularies.of(tensors),
          run.path("seed").longValue(),
          run.path("epochs").intValue(),
          run.has("patience")
              ? OptionalInt.of(run.path("patience").intValue())
              : OptionalInt.empty(),
          run.has("lengths") ? Optional.of(layout(run)) : Optional.empty(),
          position);
    } catch (JacksonException | IllegalArgumentException e) {
      throw damaged(tensors);
    }
  }

  /** The sizes that were set from outside; none where the tensors are no checkpoint. */
  static Map<String, Integer> settings(Safetensors tensors) {
    Map<String, Integer> settings = new TreeMap<>();
    if (tensors.metadata().containsKey(SETTINGS_KEY)) {
      try {
        json(tensors.metadata(), SETTINGS_KEY)
            .properties()
            .forEach(setting -> settings.put(setting.getKey(), setting.getValue().intValue()));
      } catch (JacksonException | IllegalArgumentException e) {
        throw damaged(tensors);
      }
    }
    return settings;
  }

  private static JsonNode json(Map<String, String> texts, String key) {
    return Json.read(texts.getOrDefault(key, ""));
  }

  private static EpochLayout layout(JsonNode run) {
    return new EpochLayout(
        run.path("rows").intValue(),
        run.path("trained").intValue(),
        run.path("batch_size").intValue(),
        run.path("accumulate").intValue(),
        run.path("lengths").values().stream().map(JsonNode::stringValue).toList());
  }

  /** Versions of nnc that made no points within epochs wrote none. */
  private static RunPosition.Interval interval(JsonNode run) {
    JsonNode interval = run.path("interval");
    return interval.isObject()
        ? new RunPosition.Interval(
            interval.path("since").doubleValue(),
            interval.path("rows").intValue(),
            totals(interval.path("totals")))
        : RunPosition.Interval.after(run.path("epoch").intValue());
  }

  private static Map<String, double[]> totals(JsonNode node) {
    Map<String, double[]> totals = new LinkedHashMap<>();
    node.properties()
        .forEach(entry ->
            totals.put(
                entry.getKey(),
                entry.getValue().values().stream()
                    .mapToDouble(sum -> Double.parseDouble(sum.stringValue()))
                    .toArray()));
    return totals;
  }

  private static TensorFileException damaged(Safetensors tensors) {
    return wrong(
        tensors,
        "what nnc train writes beside the tensors",
        "metadata that is damaged",
        "train again, or read the parameters alone by --init");
  }

  private static TensorFileException wrong(
      Safetensors tensors, String expected, String found, String help) {
    return new TensorFileException(tensors.file(), "", expected, found, help);
  }
}
