package nnc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nnc.cli.output.WholeFiles;
import tools.jackson.databind.json.JsonMapper;

/** Results as JSON, one object a line. */
final class JsonLines {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonLines() {}

  /** Nothing if there is no such file. */
  static <T> List<T> read(Path file, Class<T> type) {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(line -> JSON.readValue(line, type)).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, List<?> results) {
    WholeFiles.makeDirectories(WholeFiles.directoryOf(file));
    WholeFiles.write(Map.of(file, text(results)));
  }

  static byte[] text(List<?> results) {
    return results.stream()
        .map(result -> JSON.writeValueAsString(result) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }
}
