package nnc.cli.output;

import java.io.StringWriter;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON texts, on one line each. */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** The value that the content writes. */
  public static String of(Consumer<JsonGenerator> content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      content.accept(json);
    }
    return text.toString();
  }

  /** An object with the properties that the content writes. */
  public static String object(Consumer<JsonGenerator> content) {
    return of(json -> {
      json.writeStartObject();
      content.accept(json);
      json.writeEndObject();
    });
  }

  /** Numbers by name; what is no finite number is null, since JSON has no word for it. */
  public static void numbers(JsonGenerator json, Map<String, Double> numbers) {
    numbers.forEach((name, value) -> {
      json.writeName(name);
      number(json, value);
    });
  }

  public static void number(JsonGenerator json, double value) {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  /** @throws JacksonException if the text is no JSON */
  public static JsonNode read(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
