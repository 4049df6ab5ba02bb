package nnc.cli.predict;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import nnc.cli.data.LegalValues;
import nnc.cli.data.RowLayout;
import nnc.cli.output.Json;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.CsvRows;
import nnc.data.DataException;
import nnc.data.TextLines;
import nnc.runtime.CompiledModel;
import nnc.runtime.Quoted;
import nnc.runtime.Signature;
import nnc.runtime.text.Framing;
import nnc.runtime.text.Vocabulary;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads rows of inputs, each as soon as it has arrived. */
final class RowReader {
  private static final String GIVE = "give the columns that the model was trained on";

  private final TypedModel model;
  private final RowLayout layout;
  private final CompiledModel compiled;
  private final String source;

  /**
   * @param needed the inputs that rows are to feed
   * @param compiled knows the vocabularies
   * @param source what errors call the rows
   */
  RowReader(TypedModel model, CompiledModel compiled, Set<String> needed, String source) {
    this.model = model;
    this.layout =
        RowLayout.csv(model, model.train().data(), input -> needed.contains(input.name()));
    this.compiled = compiled;
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
      case CSV -> csv(layout.rows(in, source));
      case JSON -> lines(in, this::json);
      case TEXT -> {
        requireText();
        yield lines(in, this::text);
      }
    };
  }

  private RowFormat format(InputStream in) {
    boolean symbols = model.train().data().filter(data -> data.kind().symbolic()).isPresent();
    return begins(in) == '{' ? RowFormat.JSON : symbols ? RowFormat.TEXT : RowFormat.CSV;
  }

  /** The first byte, which stays in the stream; -1 where there is none. */
  private int begins(InputStream in) {
    try {
      in.mark(1);
      int first = in.read();
      in.reset();
      return first;
    } catch (IOException e) {
      throw new DataException(
          source, "expected rows, found " + e.getMessage(), "check where they come from");
    }
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

  /** A line of a stream. */
  private record Line(String text, long number) {}

  private Iterator<Row> lines(InputStream in, Function<Line, Row> row) {
    TextLines lines = new TextLines(in, source);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return lines.hasNext();
      }

      @Override
      public Row next() {
        return row.apply(new Line(lines.next(), lines.line()));
      }
    };
  }

  private void requireText() {
    if (layout.slots().size() != 1 || vocabulary(layout.slots().getFirst()).isEmpty()) {
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
                        + (vocabulary(slot).isPresent() ? "\"…\"" : "[…]"))
                .toList())
        + "}";
  }

  private Row text(Line line) {
    RowLayout.Slot slot = layout.slots().getFirst();
    int[] ids = ids(vocabulary(slot).orElseThrow(), slot, line.text());
    return new Row(List.of(symbols(slot, ids, line)), ids.length, line.number());
  }

  /** The ids of a text; of tagged words, those with white space between them are looked up whole, as in training. */
  private int[] ids(Vocabulary vocabulary, RowLayout.Slot slot, String text) {
    Training.Data data = model.train().data().orElseThrow();
    if (data.kind() != Training.Kind.TAGGED || text.isBlank()) {
      return vocabulary.encode(text);
    }
    Training.Symbols symbols =
        Objects.requireNonNull(data.fields().get(written(slot).orElseThrow().field()));
    return Arrays.stream(text.strip().split("\\s+"))
        .mapToInt(token -> symbols.id(vocabulary, token))
        .toArray();
  }

  private float[] symbols(RowLayout.Slot slot, int[] ids, Line line) {
    Framing framing = written(slot).orElseThrow().framing();
    int room = framing.room(slot.count());
    if (ids.length == 0 || ids.length > room) {
      throw new DataException(
          source,
          line.number(),
          "expected 1 to "
              + room
              + " symbols for '"
              + slot.input().name()
              + "', found "
              + ids.length,
          "give a text of that length");
    }
    if (Arrays.stream(ids).allMatch(id -> id == Vocabulary.UNKNOWN)) {
      throw new DataException(
          source,
          line.number(),
          "expected symbols that '" + slot.input().name() + "' knows, found none",
          "write the text as the data has it, for instance with spaces between letters");
    }
    float[] row = new float[slot.count()];
    framing.write(ids, 0, ids.length, row);
    return row;
  }

  private Row json(Line line) {
    JsonNode object = object(line);
    List<float[]> inputs = new ArrayList<>();
    int symbols = 0;
    for (RowLayout.Slot slot : layout.slots()) {
      JsonNode value = object.path(slot.input().name());
      Optional<Vocabulary> vocabulary = vocabulary(slot);
      if (value.isMissingNode()) {
        throw wrong(line, "found no '" + slot.input().name() + "'");
      } else if (value.isString() && vocabulary.isPresent()) {
        int[] ids = ids(vocabulary.get(), slot, value.stringValue());
        symbols = Math.max(symbols, ids.length);
        inputs.add(symbols(slot, ids, line));
      } else {
        List<Float> numbers = new ArrayList<>();
        flatten(value, numbers, slot, line);
        float[] values = new float[slot.count()];
        boolean padded = vocabulary.isPresent() && numbers.size() < slot.count();
        if (!padded && numbers.size() != slot.count()) {
          throw wrong(
              line,
              "'%s' takes %d values, found %d"
                  .formatted(slot.input().name(), slot.count(), numbers.size()));
        }
        for (int i = 0; i < numbers.size(); i++) {
          values[i] = numbers.get(i);
        }
        symbols = vocabulary.isPresent() ? Math.max(symbols, numbers.size()) : symbols;
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
      throw wrong(line, "found " + Quoted.text(String.valueOf(e.getOriginalMessage())));
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
    return new DataException(
        source, line.number(), "expected a JSON object of the inputs; " + found, example());
  }

  private Optional<Signature.Text> written(RowLayout.Slot slot) {
    return compiled.signature().text(slot.input().name());
  }

  /** What numbers the symbols of an input, if it has some. */
  private Optional<Vocabulary> vocabulary(RowLayout.Slot slot) {
    return written(slot).map(text -> compiled.vocabularies().get(text.field()));
  }
}
