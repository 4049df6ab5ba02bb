package nnc.cli.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import nnc.compiler.model.Training;
import nnc.data.TextLines;
import nnc.runtime.text.Vocabulary;

/** Reads sources of symbols: texts, pairs, tagged words, co-occurrences. */
final class SymbolReader {
  private SymbolReader() {}

  /** @param seed what frequent words are left out by */
  static Dataset read(SymbolSource source, long seed) {
    return switch (source.data().kind()) {
      case TEXT -> new WindowReader(source, seed).read();
      case PAIRS -> new SequenceReader(source).pairs();
      case TAGGED -> new SequenceReader(source).tagged();
      case COOCCURRENCES -> new CooccurrenceReader(source).read();
      case CSV, IDX -> throw noSymbols(source.data());
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
      case TEXT, COOCCURRENCES -> TextLines.pieces(file);
      case CSV, IDX -> throw noSymbols(data);
    };
  }

  private static IllegalStateException noSymbols(Training.Data data) {
    return new IllegalStateException("data: no symbols in '" + data.kind() + "'");
  }
}
