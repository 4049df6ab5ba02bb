package nnc.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the lines of {@code --metrics} and other JSON lines. */
final class Metrics {
  private static final JsonMapper MAPPER = new JsonMapper();

  private Metrics() {}

  static JsonNode json(String line) {
    return MAPPER.readTree(line);
  }

  /** An object for each epoch. */
  static List<JsonNode> epochs(Path file) {
    try {
      return Files.readAllLines(file).stream().map(Metrics::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
