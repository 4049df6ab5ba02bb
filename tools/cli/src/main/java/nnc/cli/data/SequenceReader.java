package nnc.cli.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import nnc.cli.data.Dataset.RowOrder;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.data.DataException;
import nnc.data.FloatStore;
import nnc.runtime.text.Framing;
import nnc.runtime.text.Vocabulary;

/** Reads sequences that belong together, symbol by symbol or as wholes: tagged words, or pairs. */
final class SequenceReader {
  private final SymbolSource source;
  private final SymbolCounts counts = new SymbolCounts();

  SequenceReader(SymbolSource source) {
    this.source = source;
  }

  /** A sequence that feeds an input. */
  private record Slot(
      TypedModel.Input input, int field, Framing framing, int length, FloatStore values) {
    /** How many symbols of the text fit. */
    int room() {
      return framing.room(length);
    }

    void add(int[] ids, int from, int count) {
      float[] row = new float[length];
      framing.write(ids, from, count, row);
      values.add(row, 0, length);
    }

    Column column() {
      return new Column.Stored(input.name(), length, values.finish());
    }
  }

  private List<Slot> slots() {
    List<String> fields = List.copyOf(source.data().fields().keySet());
    return source.model().inputs().stream()
        .map(input -> {
          Training.Mapping mapping = source.data().mapping(input.name()).orElseThrow();
          return new Slot(
              input,
              fields.indexOf(mapping.columns().getFirst().name()),
              mapping.framing(),
              RowLayout.elementsPerRow(source.model(), input),
              FloatStore.among(source.model().inputs().size()));
        })
        .toList();
  }

  /** A row for each pair that fits. */
  Dataset pairs() {
    List<Slot> slots = slots();
    List<String> fields = List.copyOf(source.data().fields().keySet());
    List<Vocabulary> alphabets = source.alphabets();
    int rows = 0;
    int tooLong = 0;
    try (FieldLines lines = new FieldLines(source.file(), false)) {
      for (Optional<List<String>> line = lines.next(); line.isPresent(); line = lines.next()) {
        List<int[]> ids = new ArrayList<>();
        for (int field = 0; field < alphabets.size(); field++) {
          ids.add(alphabets.get(field).encode(line.get().get(field)));
          counts.add(fields.get(field), ids.getLast());
        }
        if (slots.stream().anyMatch(slot -> ids.get(slot.field()).length > slot.room())) {
          tooLong++;
        } else {
          slots.forEach(slot -> slot.add(ids.get(slot.field()), 0, ids.get(slot.field()).length));
          rows++;
        }
      }
    }
    List<String> remarks = source.remarks(counts);
    if (tooLong > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "%s: %,d of %,d rows left out, which are longer than the inputs",
              source.file(),
              tooLong,
              rows + tooLong));
    }
    return sequences(slots, rows, tooLong > 0, remarks);
  }

  /** A row for each sequence of tagged words; one that is too long is parted. */
  Dataset tagged() {
    List<Slot> slots = slots();
    List<String> fields = List.copyOf(source.data().fields().keySet());
    List<Vocabulary> alphabets = source.alphabets();
    List<Training.Symbols> symbols = List.copyOf(source.data().fields().values());
    int room = slots.stream().mapToInt(Slot::room).min().orElseThrow();
    int rows = 0;
    int[][] ids = new int[alphabets.size()][room];
    int count = 0;
    try (FieldLines lines = new FieldLines(source.file(), true)) {
      while (true) {
        Optional<List<String>> line = lines.next();
        boolean ends = line.isEmpty() || line.get().isEmpty();
        if (count > 0 && (ends || count == room)) {
          for (Slot slot : slots) {
            slot.add(ids[slot.field()], 0, count);
          }
          rows++;
          count = 0;
        }
        if (line.isEmpty()) {
          break;
        }
        if (!ends) {
          for (int field = 0; field < ids.length; field++) {
            ids[field][count] = symbols.get(field).id(alphabets.get(field), line.get().get(field));
            counts.add(fields.get(field), ids[field][count]);
          }
          count++;
        }
      }
    }
    return sequences(slots, rows, false, source.remarks(counts));
  }

  private Dataset sequences(List<Slot> slots, int rows, boolean tooLong, List<String> remarks) {
    if (rows == 0) {
      throw tooLong
          ? new DataException(
              source.file().toString(),
              "expected rows that fit into the inputs, found none",
              "give the inputs a longer axis, for instance by --set")
          : new DataException(
              source.file().toString(),
              "expected lines of two fields with a tab between them, found none",
              "the file is empty: check its name");
    }
    return new Dataset(
        source.file().toString(),
        rows,
        slots.stream().map(Slot::column).toList(),
        RowOrder.ANY,
        counts.unknown(),
        remarks);
  }
}
