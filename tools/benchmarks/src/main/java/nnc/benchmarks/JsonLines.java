package nnc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import nnc.cli.output.WholeFiles;
import tools.jackson.databind.json.JsonMapper;

/** Results as JSON, one object a line. */
final class JsonLines {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonLines() {}

  /** Nothing if there is no such file. */
  private static <T> List<T> read(Path file, Class<T> type) {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(line -> JSON.readValue(line, type)).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Newer results, and those of a file that none of them replaces. */
  static <T> List<T> merge(Path file, Class<T> type, List<T> newer, BiPredicate<T, T> replaces) {
    List<T> all = new ArrayList<>(newer);
    read(file, type).stream()
        .filter(old -> newer.stream().noneMatch(each -> replaces.test(each, old)))
        .forEach(all::add);
    return all;
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
