package nnc.cli.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nnc.cli.data.Dataset.RowOrder;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.Cooccurrences;
import nnc.data.DataException;
import nnc.data.FloatStore;
import nnc.data.TextLines;
import nnc.runtime.Philox;
import nnc.runtime.Quoted;
import nnc.runtime.text.Framing;
import nnc.runtime.text.Vocabulary;

/** Reads sources of symbols: texts, pairs, tagged words, co-occurrences. */
final class SymbolReader {
  private static final String TOKENS = "tokens";
  private static final String COUNT = "count";
  private static final int CHUNK = 1 << 12;

  private final TypedModel model;
  private final Training.Data data;
  private final Path file;
  private final Map<String, Vocabulary> vocabularies;
  private final long seed;

  /**
   * @param vocabularies by field
   * @param seed what frequent words are left out by
   */
  SymbolReader(
      TypedModel model,
      Training.Data data,
      Path file,
      Map<String, Vocabulary> vocabularies,
      long seed) {
    this.model = model;
    this.data = data;
    this.file = file;
    this.vocabularies = vocabularies;
    this.seed = seed;
  }

  Dataset read() {
    return switch (data.kind()) {
      case TEXT -> text();
      case PAIRS -> pairs();
      case TAGGED -> tagged();
      case COOCCURRENCES -> cooccurrences();
      default -> throw new IllegalStateException("data: no symbols in '" + data.kind() + "'");
    };
  }

  /** The vocabularies of a source, learned from it: by field. */
  static Map<String, Vocabulary> learn(Training.Data data, Path file) {
    Map<String, Vocabulary> learned = new LinkedHashMap<>();
    int index = 0;
    for (Map.Entry<String, Training.Symbols> field : data.fields().entrySet()) {
      learned.put(field.getKey(), learn(field.getValue(), texts(data, file, index), data.kind()));
      index++;
    }
    return learned;
  }

  private static Vocabulary learn(
      Training.Symbols symbols, Iterable<String> texts, Training.Kind kind) {
    return switch (symbols.cut()) {
      case CHARS -> Vocabulary.characters(texts, symbols.most());
      case BPE -> Vocabulary.bpe(texts, symbols.most());
      case WORDS ->
          kind == Training.Kind.TAGGED
              ? Vocabulary.tokens(texts, symbols.most(), symbols.lower())
              : Vocabulary.words(texts, symbols.most(), symbols.lower());
    };
  }

  private static Iterable<String> texts(Training.Data data, Path file, int field) {
    return switch (data.kind()) {
      case PAIRS, TAGGED ->
          () -> new FieldLines(file, data.kind() == Training.Kind.TAGGED).field(field);
      default -> TextLines.pieces(file);
    };
  }

  // ------------------------------------------------------------ one text

  private Dataset text() {
    int stride = (int) data.setting("stride", 1);
    List<Column> columns = new ArrayList<>();
    FloatStore symbols = symbols();
    int span = 0;
    for (TypedModel.Input input : model.inputs()) {
      int[] places =
          data.mapping(input.name()).orElseThrow().columns().stream()
              .mapToInt(Training.Column::number)
              .toArray();
      for (int place : places) {
        span = Math.max(span, place + 1);
      }
      columns.add(new Column.Window(input.name(), places, stride, symbols));
    }
    if (symbols.size() < span) {
      throw new DataException(
          file.toString(),
          "expected at least " + span + " symbols, found " + symbols.size(),
          "take a longer text, or shorter windows");
    }
    long rows = (symbols.size() - span) / stride + 1;
    if (rows > Integer.MAX_VALUE) {
      throw new DataException(
          file.toString(),
          "expected at most " + Integer.MAX_VALUE + " windows, found " + rows,
          "set a larger stride");
    }
    RowOrder order = new RowOrder(true, Math.max(0, Math.ceilDiv(span, stride) - 1));
    return new Dataset(file.toString(), (int) rows, columns, order, vocabularyRemarks());
  }

  private FloatStore symbols() {
    Vocabulary vocabulary = vocabulary(TOKENS);
    FloatStore all = new FloatStore();
    float[] chunk = new float[CHUNK];
    for (String piece : TextLines.pieces(file)) {
      int[] ids = vocabulary.encode(piece);
      for (int from = 0; from < ids.length; from += CHUNK) {
        int count = Math.min(CHUNK, ids.length - from);
        for (int i = 0; i < count; i++) {
          chunk[i] = ids[from + i];
        }
        all.add(chunk, 0, count);
      }
    }
    all.finish();
    double share = data.setting("subsample", 0);
    return share == 0 ? all : subsampled(all, share, vocabulary.size());
  }

  /**
   * Leaves out frequent words by chance: one of frequency f stays with probability (sqrt(f / t) + 1) t / f (Mikolov et al. 2013,
   * section 2.3, as their program has it).
   */
  private FloatStore subsampled(FloatStore all, double share, int ids) {
    long[] counts = new long[ids];
    for (long i = 0; i < all.size(); i++) {
      counts[(int) all.get(i)]++;
    }
    FloatStore kept = new FloatStore();
    float[] chances = new float[CHUNK];
    long stream = Philox.stream("subsample");
    for (long from = 0; from < all.size(); from += CHUNK) {
      int count = (int) Math.min(CHUNK, all.size() - from);
      Philox.uniform(seed, stream, 0, from, chances, 0, count);
      for (int i = 0; i < count; i++) {
        float id = all.get(from + i);
        double ratio = counts[(int) id] / (share * all.size());
        if (chances[i] < (Math.sqrt(ratio) + 1) / ratio) {
          kept.add(id);
        }
      }
    }
    return kept.finish();
  }

  // ------------------------------------------------------------ sequences

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
    List<String> fields = List.copyOf(data.fields().keySet());
    return model.inputs().stream()
        .map(input -> {
          Training.Mapping mapping = data.mapping(input.name()).orElseThrow();
          return new Slot(
              input,
              fields.indexOf(mapping.columns().getFirst().name()),
              mapping.framing(),
              RowLayout.elementsPerRow(model, input),
              FloatStore.among(model.inputs().size()));
        })
        .toList();
  }

  private Dataset pairs() {
    List<Slot> slots = slots();
    List<Vocabulary> alphabets = alphabets();
    int rows = 0;
    int tooLong = 0;
    try (FieldLines lines = new FieldLines(file, false)) {
      for (Optional<List<String>> line = lines.next(); line.isPresent(); line = lines.next()) {
        List<int[]> ids = new ArrayList<>();
        for (int field = 0; field < alphabets.size(); field++) {
          ids.add(alphabets.get(field).encode(line.get().get(field)));
        }
        if (slots.stream().anyMatch(slot -> ids.get(slot.field()).length > slot.room())) {
          tooLong++;
        } else {
          slots.forEach(slot -> slot.add(ids.get(slot.field()), 0, ids.get(slot.field()).length));
          rows++;
        }
      }
    }
    List<String> remarks = vocabularyRemarks();
    if (tooLong > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "%s: %,d of %,d rows left out, which are longer than the inputs",
              file,
              tooLong,
              rows + tooLong));
    }
    return sequences(slots, rows, tooLong > 0, remarks);
  }

  private Dataset tagged() {
    List<Slot> slots = slots();
    List<Vocabulary> alphabets = alphabets();
    int room = slots.stream().mapToInt(Slot::room).min().orElseThrow();
    int rows = 0;
    int[][] ids = new int[alphabets.size()][room];
    int count = 0;
    try (FieldLines lines = new FieldLines(file, true)) {
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
            ids[field][count] = id(alphabets.get(field), field, line.get().get(field));
          }
          count++;
        }
      }
    }
    return sequences(slots, rows, false, vocabularyRemarks());
  }

  private int id(Vocabulary alphabet, int field, String token) {
    return List.copyOf(data.fields().values()).get(field).id(alphabet, token);
  }

  private Dataset sequences(List<Slot> slots, int rows, boolean tooLong, List<String> remarks) {
    if (rows == 0) {
      throw tooLong
          ? new DataException(
              file.toString(),
              "expected rows that fit into the inputs, found none",
              "give the inputs a longer axis, for instance by --set")
          : new DataException(
              file.toString(),
              "expected lines of two fields with a tab between them, found none",
              "the file is empty: check its name");
    }
    return new Dataset(
        file.toString(), rows, slots.stream().map(Slot::column).toList(), RowOrder.ANY, remarks);
  }

  // ------------------------------------------------------------ counts

  private Dataset cooccurrences() {
    Vocabulary vocabulary = vocabulary(TOKENS);
    Cooccurrences counts =
        new Cooccurrences((int) data.setting("window", 10), id -> id > Vocabulary.UNKNOWN);
    for (String piece : TextLines.pieces(file)) {
      for (int id : vocabulary.encode(piece)) {
        counts.add(id);
      }
    }
    if (counts.size() == 0) {
      throw new DataException(
          file.toString(), "expected words near each other, found none", "take a longer text");
    }
    List<Column> columns = new ArrayList<>();
    for (TypedModel.Input input : model.inputs()) {
      Training.Mapping mapping = data.mapping(input.name()).orElseThrow();
      Preparation preparation = new Preparation(mapping.preparation());
      FloatStore values = FloatStore.among(model.inputs().size());
      String name = mapping.columns().getFirst().name();
      counts.forEach((word, context, count) -> {
        double raw = name.equals(COUNT) ? count : name.equals("word") ? word : context;
        float value = preparation.apply((float) raw);
        LegalValues.problem(input, value)
            .ifPresent(problem -> {
              throw new DataException(file.toString(), problem, "mend what the data block does");
            });
        values.add(value);
      });
      columns.add(new Column.Stored(input.name(), 1, values.finish()));
    }
    return new Dataset(file.toString(), counts.size(), columns, RowOrder.ANY, vocabularyRemarks());
  }

  private List<Vocabulary> alphabets() {
    return data.fields().keySet().stream().map(this::vocabulary).toList();
  }

  private Vocabulary vocabulary(String field) {
    return Optional.ofNullable(vocabularies.get(field))
        .orElseThrow(() ->
            new CompileException(
                Diagnostic.at(
                        data.span(), "data", "the checkpoint has no vocabulary for '" + field + "'")
                    .note(
                        vocabularies.isEmpty()
                            ? "it has none at all"
                            : "it has " + Quoted.list(vocabularies.keySet()))
                    .help("read what the training began with, or begin anew without --resume")));
  }

  private List<String> vocabularyRemarks() {
    List<String> remarks = new ArrayList<>();
    data.fields()
        .forEach((field, symbols) ->
            remarks.add(
                String.format(
                    Locale.ROOT,
                    "%s: %,d %s",
                    field,
                    vocabulary(field).size(),
                    switch (symbols.cut()) {
                      case CHARS -> "characters";
                      case WORDS -> "words";
                      case BPE -> "byte pairs";
                    })));
    return remarks;
  }
}
