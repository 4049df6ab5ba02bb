package nnc.cli.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Quoted;
import nnc.runtime.text.Vocabulary;

/**
 * A source of symbols, and what numbers them.
 *
 * @param model whose inputs are fed
 * @param data what its train block says
 * @param vocabularies by field
 */
record SymbolSource(
    TypedModel model, Training.Data data, Path file, Map<String, Vocabulary> vocabularies) {
  /** The one field of a source that is a single text. */
  static final String TOKENS = "tokens";

  /** The vocabulary of each field. */
  List<Vocabulary> alphabets() {
    return data.fields().keySet().stream().map(this::vocabulary).toList();
  }

  Vocabulary vocabulary(String field) {
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

  /** How large they are, and how much of the file they do not have. */
  List<String> remarks(SymbolCounts counts) {
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
    remarks.addAll(counts.remarks(this));
    return remarks;
  }
}
