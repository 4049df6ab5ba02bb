package nnc.cli.metrics;

import static java.nio.file.StandardOpenOption.APPEND;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nnc.cli.output.WholeFiles;

/** A CSV file with a header. Written anew with the first row that is added, behind the rows of earlier runs. */
final class MetricsTable {
  private final Path file;
  private final List<Map<String, String>> history;
  private final Set<String> columns = new LinkedHashSet<>();

  /** @param history rows, their cells by column */
  MetricsTable(Path file, List<Map<String, String>> history) {
    this.file = file;
    this.history = history;
  }

  /** How a number stands in a table: not at all, if it is not finite. */
  static String cell(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }

  /** The rows of a file, their cells by column, without one that was cut off; none if there is no file. */
  static List<Map<String, String>> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      String text = Files.readString(file);
      List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      return lines.stream().skip(1).map(line -> row(lines.getFirst(), line)).toList();
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, new IOException("it cannot be read", e));
    }
  }

  private static Map<String, String> row(String header, String line) {
    String[] names = header.split(",", -1);
    String[] cells = line.split(",", -1);
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(names.length, cells.length); i++) {
      row.put(names[i], cells[i]);
    }
    return row;
  }

  void add(Map<String, String> row) {
    if (!columns.isEmpty()) {
      append(line(row));
      return;
    }
    List<Map<String, String>> rows = new ArrayList<>(history);
    rows.add(row);
    rows.forEach(each -> columns.addAll(each.keySet()));
    String text = String.join(",", columns) + "\n";
    text += rows.stream().map(this::line).collect(Collectors.joining());
    WholeFiles.write(Map.of(file, text.getBytes(StandardCharsets.UTF_8)));
  }

  private String line(Map<String, String> row) {
    return columns.stream()
        .map(column -> row.getOrDefault(column, ""))
        .collect(Collectors.joining(",", "", "\n"));
  }

  private void append(String line) {
    try {
      Files.writeString(file, line, APPEND);
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }
}
