package nnc.cli.metrics;

import static java.nio.file.StandardOpenOption.APPEND;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nnc.cli.output.WholeFiles;

/** A CSV file with a row for each epoch, and a header. Written anew with the first row, behind the epochs of earlier runs. */
final class MetricsTable implements MetricsFile {
  private final Path file;
  private final List<EpochReport> history;
  private final Set<String> columns = new LinkedHashSet<>();

  MetricsTable(Path file, List<EpochReport> history) {
    this.file = file;
    this.history = history;
  }

  @Override
  public void add(EpochReport report) {
    if (!columns.isEmpty()) {
      append(row(report));
      return;
    }
    List<EpochReport> reports = new ArrayList<>(history);
    reports.add(report);
    reports.forEach(each -> columns.addAll(each.cells().keySet()));
    String text = String.join(",", columns) + "\n";
    text += reports.stream().map(this::row).collect(Collectors.joining());
    WholeFiles.write(Map.of(file, text.getBytes(StandardCharsets.UTF_8)));
  }

  private String row(EpochReport report) {
    Map<String, String> cells = report.cells();
    return columns.stream()
        .map(column -> cells.getOrDefault(column, ""))
        .collect(Collectors.joining(",", "", "\n"));
  }

  private void append(String row) {
    try {
      Files.writeString(file, row, APPEND);
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }

  @Override
  public void close() {}
}
