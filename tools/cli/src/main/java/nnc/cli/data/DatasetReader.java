package nnc.cli.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.Csv;
import nnc.data.CsvRows;
import nnc.data.DataException;
import nnc.data.DataFile;
import nnc.data.FloatStore;
import nnc.data.Idx;
import nnc.data.IdxArray;
import nnc.runtime.text.Vocabulary;

/** Reads the files that a train block names, as the inputs of its model. */
public final class DatasetReader {
  private static final int BYTES = 256;
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
   * @param vocabularies by field; those that {@link #vocabularies} has learned
   * @param seed what is drawn is drawn by
   * @throws DataException if a file is missing or wrong, or holds a value that its input does not take
   */
  public static Dataset read(
      TypedModel model,
      Training.Data data,
      Path directory,
      Map<String, Vocabulary> vocabularies,
      long seed) {
    DatasetReader reader = new DatasetReader(model, data, directory);
    return switch (data.kind()) {
      case CSV -> reader.csv();
      case IDX -> reader.idx();
      case TEXT, PAIRS, TAGGED, COOCCURRENCES ->
          SymbolReader.read(new SymbolSource(model, data, reader.only(), vocabularies), seed);
    };
  }

  /** What the user is told of files that a source in a model's text names, and that are not there. */
  public static List<Diagnostic> missing(TypedModel model, Training.Data data, Path directory) {
    DatasetReader reader = new DatasetReader(model, data, directory);
    List<Diagnostic> missing = new ArrayList<>();
    for (String written : data.files().values()) {
      Path path = reader.path(written);
      DataFile.missing(path)
          .ifPresent(problem ->
              missing.add(
                  Diagnostic.at(data.span(), "data", path + ": " + problem)
                      .help("check the path, which begins at the directory of the .nn file")));
    }
    return missing;
  }

  /** Learns how the symbols of a source are numbered: by field. Empty for a source of numbers. */
  public static Map<String, Vocabulary> vocabularies(
      TypedModel model, Training.Data data, Path directory) {
    return data.kind().symbolic()
        ? SymbolReader.learn(data, new DatasetReader(model, data, directory).only())
        : Map.of();
  }

  private Path only() {
    return path(data.files().values().iterator().next());
  }

  private Path path(String written) {
    try {
      return directory.resolve(written);
    } catch (InvalidPathException e) {
      throw new CompileException(
          Diagnostic.at(data.span(), "data", "this is not the name of a file"));
    }
  }

  /** Row by row: the file may be larger than memory. */
  private Dataset csv() {
    Path file = only();
    RowLayout layout = RowLayout.csv(model, Optional.of(data), input -> true);
    List<FloatStore> stores =
        layout.slots().stream().map(slot -> FloatStore.among(layout.slots().size())).toList();
    int rows = 0;
    try (CsvRows csv = Csv.open(file, layout.columns())) {
      for (; csv.hasNext(); rows++) {
        float[] row = csv.next();
        for (int i = 0; i < stores.size(); i++) {
          RowLayout.Slot slot = layout.slots().get(i);
          float[] prepared = new float[slot.count()];
          Optional<String> problem = slot.prepare(row, 0, prepared, 0);
          if (problem.isPresent()) {
            throw new DataException(file.toString(), csv.line(), problem.get(), MEND);
          }
          stores.get(i).add(prepared, 0, prepared.length);
        }
      }
      csv.requireRows(rows);
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < stores.size(); i++) {
      RowLayout.Slot slot = layout.slots().get(i);
      columns.add(new Column.Stored(slot.input().name(), slot.count(), stores.get(i).finish()));
    }
    return Dataset.of(file.toString(), rows, columns);
  }

  private Dataset idx() {
    Map<String, IdxArray> files = new LinkedHashMap<>();
    data.files().forEach((name, written) -> files.put(name, Idx.read(path(written))));
    IdxArray first = files.values().iterator().next();
    int rows = first.rows();
    for (IdxArray file : files.values()) {
      if (file.rows() != rows) {
        throw new DataException(
            file.source(),
            "expected " + rows + " rows, as in " + first.source() + ", found " + file.rows(),
            "the files of one source belong together: check their names");
      }
    }
    List<Column> columns = new ArrayList<>();
    for (TypedModel.Input input : model.inputs()) {
      Training.Mapping mapping = data.mapping(input.name()).orElseThrow();
      String name = mapping.columns().getFirst().name();
      columns.add(
          column(RowLayout.whole(model, input, mapping), Objects.requireNonNull(files.get(name))));
    }
    return Dataset.of(first.source(), rows, columns);
  }

  private static Column column(RowLayout.Slot slot, IdxArray file) {
    if (file.perRow() != slot.count()) {
      throw new DataException(
          file.source(),
          "expected "
              + slot.count()
              + " values a row, as the input '"
              + slot.input().name()
              + "' "
              + slot.input().type().shape()
              + " takes, found "
              + file.perRow(),
          "check which file the data block names");
    }
    return switch (file.elements()) {
      case IdxArray.Bytes bytes -> bytes(slot, file, bytes);
      case IdxArray.Floats floats -> floats(slot, file, floats);
    };
  }

  /** Each of the 256 bytes is prepared once; where one may not be fed, a row that has it is looked for. */
  private static Column bytes(RowLayout.Slot slot, IdxArray file, IdxArray.Bytes bytes) {
    float[] prepared = new float[BYTES];
    String[] problems = new String[BYTES];
    boolean legal = true;
    for (int value = 0; value < BYTES; value++) {
      prepared[value] = slot.preparation().apply(value);
      problems[value] = LegalValues.problem(slot.input(), prepared[value]).orElse(null);
      legal &= problems[value] == null;
    }
    for (int i = 0; !legal && i < bytes.values().length; i++) {
      String problem = problems[Byte.toUnsignedInt(bytes.values()[i])];
      if (problem != null) {
        throw wrongRow(file, i / slot.count(), problem);
      }
    }
    return new Column.Bytes(slot.input().name(), slot.count(), bytes.values(), prepared);
  }

  private static Column floats(RowLayout.Slot slot, IdxArray file, IdxArray.Floats floats) {
    FloatStore prepared = new FloatStore();
    float[] row = new float[slot.count()];
    for (int i = 0; i < file.rows(); i++) {
      floats.values().copy((long) i * row.length, row, 0, row.length);
      Optional<String> problem = slot.prepare(row, 0, row, 0);
      if (problem.isPresent()) {
        throw wrongRow(file, i, problem.get());
      }
      prepared.add(row, 0, row.length);
    }
    return new Column.Stored(slot.input().name(), row.length, prepared.finish());
  }

  private static DataException wrongRow(IdxArray file, int row, String problem) {
    return new DataException(file.source(), "row " + row + " (counted from 0): " + problem, MEND);
  }
}
