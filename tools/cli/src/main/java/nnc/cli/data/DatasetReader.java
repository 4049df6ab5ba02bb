package nnc.cli.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.Csv;
import nnc.data.CsvRows;
import nnc.data.DataException;
import nnc.data.Idx;
import nnc.data.IdxArray;
import nnc.data.Table;

/** Reads the files that a train block names, as the inputs of its model. */
public final class DatasetReader {
  private static final String MEND = "mend the data, or what the data block does to its columns";

  private final TypedModel model;
  private final Training.Data data;
  private final Path directory;

  private DatasetReader(TypedModel model, Training.Data data, Path directory) {
    this.model = model;
    this.data = data;
    this.directory = directory;
  }

  /**
   * Reads all rows.
   *
   * @param directory where relative paths begin
   * @throws DataException if a file is missing or wrong, or holds a value that its input does not take
   */
  public static Dataset read(TypedModel model, Training.Data data, Path directory) {
    DatasetReader reader = new DatasetReader(model, data, directory);
    return switch (data.kind()) {
      case "csv" -> reader.csv();
      case "idx" -> reader.idx();
      default -> throw new IllegalStateException("data: no reader for '" + data.kind() + "'");
    };
  }

  private Path path(String written) {
    try {
      return directory.resolve(written);
    } catch (InvalidPathException e) {
      throw new CompileException(
          Diagnostic.at(data.span(), "data", "this is not the name of a file"));
    }
  }

  private Dataset csv() {
    Path file = path(data.files().values().iterator().next());
    RowLayout layout = RowLayout.csv(model, Optional.of(data), input -> true);
    Table table = Csv.read(file, layout.columns());
    List<Dataset.Column> columns = new ArrayList<>();
    for (RowLayout.Slot slot : layout.slots()) {
      float[] values = new float[Math.multiplyExact(table.rows(), slot.count())];
      for (int row = 0; row < table.rows(); row++) {
        Optional<String> problem =
            slot.prepare(table.values(), row * table.columns(), values, row * slot.count());
        if (problem.isPresent()) {
          throw new DataException(table.source(), line(file, layout, row), problem.get(), MEND);
        }
      }
      columns.add(new Dataset.Column(slot.input().name(), slot.count(), values));
    }
    return new Dataset(table.source(), table.rows(), columns);
  }

  /** The line of a row: found by reading the file again, which only happens on the way to an error. */
  private static long line(Path file, RowLayout layout, int row) {
    try (InputStream packed = Files.newInputStream(file);
        CsvRows rows =
            Csv.rows(
                file.toString().endsWith(".gz") ? new GZIPInputStream(packed) : packed,
                file.toString(),
                layout.columns())) {
      for (int i = 0; i <= row; i++) {
        rows.next();
      }
      return rows.line();
    } catch (IOException e) {
      return row + 1L;
    }
  }

  private Dataset idx() {
    Map<String, IdxArray> files = new LinkedHashMap<>();
    data.files().forEach((name, written) -> files.put(name, Idx.read(path(written))));
    IdxArray first = files.values().iterator().next();
    int rows = first.shape()[0];
    for (IdxArray file : files.values()) {
      if (file.shape()[0] != rows) {
        throw new DataException(
            file.source(),
            "expected " + rows + " rows, as in " + first.source() + ", found " + file.shape()[0],
            "the files of one source belong together: check their names");
      }
    }
    List<Dataset.Column> columns = new ArrayList<>();
    for (TypedModel.Input input : model.inputs()) {
      Training.Mapping mapping = RowLayout.mapping(data, input).orElseThrow();
      String name = mapping.columns().getFirst().name();
      columns.add(
          column(
              RowLayout.whole(model, input, mapping),
              Objects.requireNonNull(files.get(name)),
              isAskedForOnce(name)));
    }
    return new Dataset(first.source(), rows, columns);
  }

  private boolean isAskedForOnce(String file) {
    return data.mappings().stream()
            .filter(mapping -> mapping.columns().getFirst().name().equals(file))
            .count()
        == 1;
  }

  /** @param inPlace whether nobody else needs the file's values as they are: two copies may not fit into memory */
  private static Dataset.Column column(RowLayout.Slot slot, IdxArray file, boolean inPlace) {
    int rows = file.shape()[0];
    int perRow = file.values().length / rows;
    if (perRow != slot.count()) {
      throw new DataException(
          file.source(),
          "expected "
              + slot.count()
              + " values a row, as the input '"
              + slot.input().name()
              + "' "
              + slot.input().type().shape()
              + " takes, found "
              + perRow,
          "check which file the data block names");
    }
    float[] raw = file.values();
    float[] values = inPlace ? raw : new float[raw.length];
    for (int row = 0; row < rows; row++) {
      Optional<String> problem = slot.prepare(raw, row * perRow, values, row * perRow);
      if (problem.isPresent()) {
        throw new DataException(
            file.source(), "row " + row + " (counted from 0): " + problem.get(), MEND);
      }
    }
    return new Dataset.Column(slot.input().name(), perRow, values);
  }
}
