package nnc.cli.data;

import java.util.ArrayList;
import java.util.List;
import nnc.cli.data.Dataset.RowOrder;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.data.Cooccurrences;
import nnc.data.DataException;
import nnc.data.FloatStore;
import nnc.data.TextLines;
import nnc.runtime.text.Vocabulary;

/** Counts which words of a text stand near each other: a row for each two that do. */
final class CooccurrenceReader {
  private static final String WORD = "word";
  private static final String COUNT = "count";

  private final SymbolSource source;

  CooccurrenceReader(SymbolSource source) {
    this.source = source;
  }

  Dataset read() {
    Vocabulary vocabulary = source.vocabulary(SymbolSource.TOKENS);
    Cooccurrences counts =
        new Cooccurrences((int) source.data().setting("window", 10), id -> id > Vocabulary.UNKNOWN);
    SymbolCounts symbols = new SymbolCounts();
    for (String piece : TextLines.pieces(source.file())) {
      int[] ids = vocabulary.encode(piece);
      symbols.add(SymbolSource.TOKENS, ids);
      for (int id : ids) {
        counts.add(id);
      }
    }
    if (counts.size() == 0) {
      throw new DataException(
          source.file().toString(),
          "expected words near each other, found none",
          "take a longer text");
    }
    List<Column> columns = new ArrayList<>();
    for (TypedModel.Input input : source.model().inputs()) {
      Training.Mapping mapping = source.data().mapping(input.name()).orElseThrow();
      Preparation preparation = new Preparation(mapping.preparation());
      FloatStore values = FloatStore.among(source.model().inputs().size());
      String name = mapping.columns().getFirst().name();
      counts.forEach((word, context, count) -> {
        double raw = name.equals(COUNT) ? count : name.equals(WORD) ? word : context;
        float value = preparation.apply((float) raw);
        LegalValues.problem(input, value)
            .ifPresent(problem -> {
              throw new DataException(
                  source.file().toString(), problem, "mend what the data block does");
            });
        values.add(value);
      });
      columns.add(new Column.Stored(input.name(), 1, values.finish()));
    }
    return new Dataset(
        source.file().toString(),
        counts.size(),
        columns,
        RowOrder.ANY,
        symbols.unknown(),
        source.remarks(symbols));
  }
}
