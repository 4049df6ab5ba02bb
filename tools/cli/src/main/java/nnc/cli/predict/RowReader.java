package nnc.cli.predict;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import nnc.cli.data.LegalValues;
import nnc.cli.data.Line;
import nnc.cli.data.RowLayout;
import nnc.cli.output.Json;
import nnc.cli.output.UnknownSymbols;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.CsvRows;
import nnc.data.DataException;
import nnc.runtime.CompiledModel;
import nnc.runtime.Quoted;
import nnc.runtime.TextException;
import nnc.runtime.TextInput;
import nnc.runtime.text.Vocabulary;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads rows of inputs, each as soon as it has arrived. */
final class RowReader {
  private static final int LOOKED_AT = 256;
  private static final String GIVE = "give the columns that the model was trained on";

  private final TypedModel model;
  private final Optional<Training.Data> data;
  private final RowLayout layout;
  private final CompiledModel compiled;
  private final UnknownSymbols unknown;
  private final String source;

  /**
   * @param needed the inputs that rows are to feed
   * @param compiled knows the vocabularies
   * @param unknown hears of symbols that the vocabularies do not have
   * @param source what errors call the rows
   */
  RowReader(
      TypedModel model,
      CompiledModel compiled,
      Set<String> needed,
      UnknownSymbols unknown,
      String source) {
    this.model = model;
    this.data = model.train().data();
    this.layout = RowLayout.csv(model, data, input -> needed.contains(input.name()));
    this.compiled = compiled;
    this.unknown = unknown;
    this.source = source;
    if (layout.slots().isEmpty()) {
      throw new CompileException(
          Diagnostic.at(
              model.span(),
              "output",
              "the outputs of '"
                  + model.name()
                  + "' depend on no input: there is nothing to read"));
    }
  }

  /** The inputs that rows feed. */
  List<RowLayout.Slot> slots() {
    return layout.slots();
  }

  /** The rows of a stream; if nobody says how they are written, that is seen by how they begin. */
  Iterator<Row> rows(InputStream stream, Optional<RowFormat> format) {
    InputStream in = new BufferedInputStream(stream);
    return switch (format.orElseGet(() -> format(in))) {
      case CSV -> {
        requireCommas(in);
        yield csv(layout.rows(in, source));
      }
      case JSON -> lines(in, this::json);
      case TEXT -> {
        requireText();
        yield lines(in, this::text);
      }
    };
  }

  private RowFormat format(InputStream in) {
    boolean symbols = data.filter(read -> read.kind().symbolic()).isPresent();
    return begins(in) == '{' ? RowFormat.JSON : symbols ? RowFormat.TEXT : RowFormat.CSV;
  }

  /** The first byte that is neither white space nor of a byte-order mark, and stays in the stream; -1 where there is none. */
  private int begins(InputStream in) {
    try {
      in.mark(LOOKED_AT);
      int first = in.read();
      for (int i = 1;
          i < LOOKED_AT && (first == ' ' || first == '\n' || first == '\r' || isMark(first));
          i++) {
        first = in.read();
      }
      in.reset();
      return first;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Refuses a first line without any comma, where several columns are read: it is of another format. */
  private void requireCommas(InputStream in) {
    int columns = layout.columns().size();
    String line = columns > 1 ? firstLine(in).strip() : "";
    if (!line.isEmpty() && line.indexOf(',') < 0) {
      throw new DataException(
          source,
          "expected "
              + columns
              + " numbers separated by commas, or JSON, found "
              + Quoted.text(line),
          GIVE + ", or an object a line: " + example());
    }
  }

  /** How the first line that is not empty begins; it stays in the stream. */
  private String firstLine(InputStream in) {
    StringBuilder line = new StringBuilder();
    try {
      in.mark(LOOKED_AT);
      for (int i = 1, next = in.read(); i < LOOKED_AT && next >= 0; i++, next = in.read()) {
        if (next == '\n' && !line.toString().isBlank()) {
          break;
        }
        line.append((char) next);
      }
      in.reset();
    } catch (IOException e) {
      throw unreadable(e);
    }
    return line.toString();
  }

  private DataException unreadable(IOException e) {
    return new DataException(
        source, "expected rows, found " + e.getMessage(), "check where they come from");
  }

  /** Whether a byte is one of the three that a byte-order mark has in UTF-8. */
  private static boolean isMark(int value) {
    return value == 0xEF || value == 0xBB || value == 0xBF;
  }

  // ------------------------------------------------------------ numbers with commas

  private Iterator<Row> csv(CsvRows rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        float[] values = rows.next();
        List<float[]> inputs = new ArrayList<>();
        for (RowLayout.Slot slot : layout.slots()) {
          inputs.add(prepared(slot, values, 0, rows.line()));
        }
        return new Row(inputs, 0, rows.line());
      }
    };
  }

  private float[] prepared(RowLayout.Slot slot, float[] values, int at, long line) {
    float[] prepared = new float[slot.count()];
    Optional<String> problem = slot.prepare(values, at, prepared, 0);
    if (problem.isPresent()) {
      throw new DataException(source, line, problem.get(), GIVE);
    }
    return prepared;
  }

  // ------------------------------------------------------------ lines

  /** Rows of lines; an empty one is no row. */
  private Iterator<Row> lines(InputStream in, Function<Line, Row> row) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(Line.of(in, source), Spliterator.ORDERED), false)
        .filter(line -> !line.text().isBlank())
        .map(row)
        .iterator();
  }

  private void requireText() {
    if (layout.slots().size() != 1 || text(layout.slots().getFirst()).isEmpty()) {
      throw new CompileException(
          Diagnostic.at(model.span(), "output", "a line of text is not what the outputs depend on")
              .note(
                  "they depend on "
                      + String.join(
                          ", ", layout.slots().stream().map(slot -> slot.input().name()).toList()))
              .help("give them as JSON, an object a line: " + example()));
    }
  }

  private String example() {
    return "{"
        + String.join(
            ", ",
            layout.slots().stream()
                .map(slot ->
                    "\""
                        + slot.input().name()
                        + "\": "
                        + (text(slot).isPresent() ? "\"…\"" : "[…]"))
                .toList())
        + "}";
  }

  private Row text(Line line) {
    RowLayout.Slot slot = layout.slots().getFirst();
    Symbols symbols = symbols(text(slot).orElseThrow(), line.text(), line);
    return new Row(List.of(symbols.row()), symbols.count(), line.number());
  }

  /** A text as the row of an input, and how many symbols it has. */
  private record Symbols(float[] row, int count) {}

  private Symbols symbols(TextInput input, String text, Line line) {
    final int[] ids;
    if (data.filter(read -> read.kind() == Training.Kind.TAGGED).isPresent()) {
      // words with white space between them are looked up whole, as in training
      List<String> words = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
      ids = words.stream().mapToInt(word -> id(input, word)).toArray();
      unknown.add(
          input.name(),
          IntStream.range(0, ids.length)
              .filter(i -> ids[i] == Vocabulary.UNKNOWN)
              .mapToObj(words::get)
              .toList());
    } else {
      ids = input.vocabulary().encode(text);
      unknown.add(input.name(), input.vocabulary().unknown(text));
    }
    if (ids.length > 0 && !input.knows(ids)) {
      unknown.addWhole(input.name(), line.place());
    }
    try {
      return new Symbols(input.row(ids), ids.length);
    } catch (TextException e) {
      throw line.wrong(String.valueOf(e.getMessage()), e.help());
    }
  }

  private int id(TextInput input, String word) {
    String field = compiled.signature().text(input.name()).orElseThrow().field();
    return Objects.requireNonNull(data.orElseThrow().fields().get(field))
        .id(input.vocabulary(), word);
  }

  private Row json(Line line) {
    JsonNode object = object(line);
    List<float[]> inputs = new ArrayList<>();
    int symbols = 0;
    for (RowLayout.Slot slot : layout.slots()) {
      JsonNode value = object.path(slot.input().name());
      Optional<TextInput> text = text(slot);
      if (value.isMissingNode()) {
        throw wrong(line, "found no '" + slot.input().name() + "'");
      } else if (value.isString() && text.isPresent()) {
        Symbols read = symbols(text.get(), value.stringValue(), line);
        symbols = Math.max(symbols, read.count());
        inputs.add(read.row());
      } else {
        List<Float> numbers = new ArrayList<>();
        flatten(value, numbers, slot, line);
        float[] values = new float[slot.count()];
        boolean padded = text.isPresent() && numbers.size() < slot.count();
        if (!padded && numbers.size() != slot.count()) {
          throw wrong(
              line,
              "'%s' takes %d values, found %d"
                  .formatted(slot.input().name(), slot.count(), numbers.size()));
        }
        for (int i = 0; i < numbers.size(); i++) {
          values[i] = numbers.get(i);
        }
        symbols = text.isPresent() ? Math.max(symbols, numbers.size()) : symbols;
        inputs.add(prepared(slot, values, -slot.from(), line.number()));
      }
    }
    return new Row(inputs, symbols, line.number());
  }

  private JsonNode object(Line line) {
    try {
      JsonNode object = Json.read(line.text());
      if (object.isObject()) {
        return object;
      }
    } catch (JacksonException e) {
      throw wrong(line, "found what is no JSON: " + Quoted.text(line.text()));
    }
    throw wrong(line, "found " + Quoted.text(line.text()));
  }

  private void flatten(JsonNode value, List<Float> numbers, RowLayout.Slot slot, Line line) {
    if (value.isArray()) {
      value.values().forEach(element -> flatten(element, numbers, slot, line));
    } else if (value.isNumber() && Float.isFinite(number(value))) {
      numbers.add(number(value));
    } else if (value.isBoolean()) {
      numbers.add(value.booleanValue() ? 1f : 0f);
    } else {
      throw wrong(
          line,
          "'%s' takes %s, found %s"
              .formatted(slot.input().name(), LegalValues.expected(slot.input()), value));
    }
  }

  /** Infinite where it is too large. */
  private static float number(JsonNode value) {
    return (float) value.asDouble(Double.POSITIVE_INFINITY);
  }

  private DataException wrong(Line line, String found) {
    return line.wrong("expected a JSON object of the inputs; " + found, example());
  }

  /** How an input holds a text, if it does. */
  private Optional<TextInput> text(RowLayout.Slot slot) {
    return TextInput.of(compiled, slot.input().name());
  }
}
