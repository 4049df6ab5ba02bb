package nnc.cli.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nnc.cli.output.Json;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.text.Vocabulary;
import tools.jackson.core.JsonGenerator;

/** The outputs of a batch as JSON, an object a row. */
final class OutputLines {
  private static final String OUTPUT = "output.";

  private final Session session;
  private final List<Signature.Value> outputs;

  /** @throws CompileException if the model has no outputs, or one that does not come row by row */
  OutputLines(TypedModel model, Session session) {
    this.session = session;
    this.outputs =
        session.model().signature().values().stream()
            .filter(value -> value.name().startsWith(OUTPUT))
            .toList();
    if (outputs.isEmpty()) {
      throw new CompileException(
          Diagnostic.at(model.span(), "output", "'" + model.name() + "' has no outputs")
              .help(instead(model) + "declare what it computes: output guess = …"));
    }
    for (Signature.Value output : outputs) {
      int[] axes = output.axes();
      boolean byRow =
          axes.length > 0
              && axes[0] == -1
              && Arrays.stream(axes).skip(1).allMatch(axis -> axis >= 0);
      if (output.batched() && !byRow) {
        throw new CompileException(
            Diagnostic.at(
                    model.span(),
                    "output",
                    "the output '"
                        + name(output)
                        + "' "
                        + output.shapeText(session.model().signature().batch())
                        + " does not come row by row")
                .help("let the batch be its first axis"));
      }
    }
  }

  /** What such a model may be there for. */
  private static String instead(TypedModel model) {
    Optional<Training.Kind> data = model.train().data().map(Training.Data::kind);
    if (model.generating().isPresent()) {
      return "it generates texts: use nnc "
          + (data.equals(Optional.of(Training.Kind.PAIRS)) ? "translate" : "generate")
          + "; or ";
    }
    return data.filter(Training.Kind::symbolic).isPresent()
        ? "its words' vectors are for nnc nearest; or "
        : "";
  }

  private static String name(Signature.Value output) {
    return output.name().substring(OUTPUT.length());
  }

  /** The lines of the batch that the session has computed. */
  List<String> of(List<Row> rows) {
    List<float[]> values = outputs.stream().map(output -> session.read(output.name())).toList();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int row = i;
      lines.add(
          Json.object(json -> {
            for (int output = 0; output < outputs.size(); output++) {
              json.writeName(name(outputs.get(output)));
              value(json, outputs.get(output), values.get(output), row, rows.get(row).symbols());
            }
          }));
    }
    return lines;
  }

  private void value(
      JsonGenerator json, Signature.Value output, float[] values, int row, int symbols) {
    int[] shape = output.shape(session.rows());
    if (!output.batched()) {
      tensor(json, output, values, 0, shape);
      return;
    }
    int[] ofRow = Arrays.copyOfRange(shape, 1, shape.length);
    int size = Arrays.stream(ofRow).reduce(1, Math::multiplyExact);
    Optional<Vocabulary> vocabulary = vocabulary(output);
    if (vocabulary.isPresent()) {
      symbols(json, vocabulary.get(), values, row * size, Math.min(size, symbols));
    } else {
      tensor(json, output, values, row * size, ofRow);
    }
  }

  /** What numbers the symbols of an output: that of the data's field of this name, for a sequence of ids. */
  private Optional<Vocabulary> vocabulary(Signature.Value output) {
    return Optional.ofNullable(session.model().vocabularies().get(name(output)))
        .filter(known -> output.element() == Signature.Element.I32 && output.axes().length == 2);
  }

  private static void symbols(
      JsonGenerator json, Vocabulary vocabulary, float[] ids, int at, int count) {
    json.writeStartArray();
    for (int i = 0; i < count; i++) {
      int id = (int) ids[at + i];
      json.writeString(vocabulary.token(id < vocabulary.size() ? id : Vocabulary.UNKNOWN));
    }
    json.writeEndArray();
  }

  private static void tensor(
      JsonGenerator json, Signature.Value output, float[] values, int at, int[] shape) {
    if (shape.length == 0) {
      element(json, output.element(), values[at]);
      return;
    }
    int[] inner = Arrays.copyOfRange(shape, 1, shape.length);
    int step = Arrays.stream(inner).reduce(1, Math::multiplyExact);
    json.writeStartArray();
    for (int i = 0; i < shape[0]; i++) {
      tensor(json, output, values, at + i * step, inner);
    }
    json.writeEndArray();
  }

  private static void element(JsonGenerator json, Signature.Element element, float value) {
    switch (element) {
      case F32 -> {
        if (Float.isFinite(value)) {
          json.writeNumber(value);
        } else {
          json.writeNull();
        }
      }
      case I32 -> json.writeNumber((int) value);
      case BOOL -> json.writeBoolean(value != 0);
    }
  }
}
