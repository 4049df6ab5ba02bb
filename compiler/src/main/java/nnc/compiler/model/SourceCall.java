package nnc.compiler.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.text.Vocabulary;

/** The call that names a source of data, {@code text("novel.txt", chars(96), stride = 64)}, taken apart. */
final class SourceCall {
  /** What a text's only field is called where it is mapped to inputs. */
  static final String TOKENS = "tokens";

  /** The fields of a table of co-occurrences. */
  static final List<String> COOCCURRENCE = List.of("word", "context", "count");

  private static final int MOST_SYMBOLS = 1 << 20;
  private static final Map<Training.Kind, List<String>> SETTINGS =
      Map.of(
          Training.Kind.TEXT,
          List.of("stride", "subsample"),
          Training.Kind.COOCCURRENCES,
          List.of("window"));

  private final Elaboration elaboration;
  private final Scope scope;
  private final Ast.Call call;
  private final Training.Kind kind;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, Training.Symbols> fields = new LinkedHashMap<>();
  private final Map<String, Double> settings = new LinkedHashMap<>();

  /** @throws Problem if this is no source of data */
  SourceCall(Ast.Expression source, Elaboration elaboration, Scope scope) {
    this.elaboration = elaboration;
    this.scope = scope;
    if (!(source instanceof Ast.Call found
        && found.callee() instanceof Ast.NameReference name
        && Training.Kind.of(name.name()).isPresent())) {
      throw Problem.of(
          Diagnostic.at(source.span(), "data", "a source of data was expected here")
              .note(
                  "there are "
                      + String.join(
                          ", ",
                          List.of(Training.Kind.values()).stream()
                              .map(Training.Kind::text)
                              .toList()))
              .help(
                  "%s, or %s".formatted(example(Training.Kind.CSV), example(Training.Kind.TEXT))));
    }
    this.call = found;
    this.kind = Training.Kind.of(name.name()).orElseThrow();
  }

  private static String example(Training.Kind kind) {
    return switch (kind) {
      case CSV -> "csv(\"file.csv\")";
      case IDX -> "idx(images = \"a.idx3.gz\", labels = \"b.idx1.gz\")";
      case TEXT -> "text(\"file.txt\", chars(96), stride = 64)";
      case PAIRS -> "pairs(\"file.tsv\", source = words(8000), target = words(8000))";
      case TAGGED -> "tagged(\"file.tsv\", word = words(8000), tag = words(40))";
      case COOCCURRENCES -> "cooccurrences(\"file.txt\", words(8000), window = 10)";
    };
  }

  Training.Kind kind() {
    return kind;
  }

  Map<String, String> files() {
    return files;
  }

  Map<String, Training.Symbols> fields() {
    return fields;
  }

  Map<String, Double> settings() {
    return settings;
  }

  /**
   * Reads the arguments.
   *
   * @param again whether this names other files of a source that is known already, in the same form
   */
  SourceCall read(boolean again) {
    for (Ast.Argument argument : call.arguments()) {
      Optional<String> keyword = argument.keyword().map(Ast.Name::text);
      if (argument.value() instanceof Ast.TextLiteral path) {
        requireName(argument, keyword.isPresent());
        files.put(keyword.orElse(String.valueOf(files.size())), path.value());
      } else if (!kind.symbolic()) {
        throw Problem.at(
            argument.span(), "data", "the path of a file was expected here, in quotes");
      } else if (again) {
        throw Problem.of(
            Diagnostic.at(
                    argument.span(),
                    "data",
                    "the symbols of a test set are those of the data that is trained on")
                .help("name the file alone: eval " + kind.text() + "(\"file\")"));
      } else if (keyword.filter(settings()::containsKey).isPresent()) {
        throw Problem.at(argument.span(), "data", "'" + keyword.get() + "' is given twice");
      } else if (keyword
          .filter(word -> SETTINGS.getOrDefault(kind, List.of()).contains(word))
          .isPresent()) {
        settings.put(keyword.get(), setting(argument, keyword.get()));
      } else {
        field(argument, keyword);
      }
    }
    if (kind == Training.Kind.IDX ? files.isEmpty() : files.size() != 1) {
      throw wrong(
          kind == Training.Kind.IDX
              ? "idx takes at least one path"
              : kind.text() + " takes one path");
    }
    if (kind.symbolic() && !again) {
      requireFields();
    }
    return this;
  }

  private void requireName(Ast.Argument argument, boolean named) {
    if (named != (kind == Training.Kind.IDX)) {
      throw Problem.of(
          Diagnostic.at(
                  argument.span(),
                  "data",
                  named ? kind.text() + " takes one path" : "the files of idx have names")
              .help(example(kind)));
    }
  }

  private void requireFields() {
    int expected = kind == Training.Kind.PAIRS || kind == Training.Kind.TAGGED ? 2 : 1;
    if (fields.size() < expected) {
      throw wrong(
          expected == 1
              ? "nothing says what the symbols of the text are"
              : kind.text() + " takes two fields and what their symbols are");
    }
  }

  private Problem wrong(String message) {
    return Problem.of(Diagnostic.at(call.span(), "data", message).help(example(kind)));
  }

  private double setting(Ast.Argument argument, String name) {
    Value value = elaboration.expressions.value(argument.value(), scope);
    boolean share = name.equals("subsample");
    if (!(value instanceof Value.Num number
        && (share
            ? number.value() > 0 && number.value() < 1
            : number.value() == Math.rint(number.value())
                && number.value() >= 1
                && number.value() <= MOST_SYMBOLS))) {
      throw Problem.of(
          Diagnostic.at(
                  argument.value().span(),
                  "data",
                  share
                      ? "'subsample' is a share between 0 and 1"
                      : "'" + name + "' is a whole number of at least 1")
              .note("found " + value.described()));
    }
    return number.value();
  }

  private void field(Ast.Argument argument, Optional<String> keyword) {
    boolean named = kind == Training.Kind.PAIRS || kind == Training.Kind.TAGGED;
    if (named != keyword.isPresent() || fields.size() == (named ? 2 : 1)) {
      throw Problem.of(
          Diagnostic.at(argument.span(), "data", "this is nothing that '" + kind.text() + "' takes")
              .note(
                  "it takes "
                      + String.join(
                          ", ",
                          Stream.concat(
                                  Stream.of("a path", named ? "two fields" : "symbols"),
                                  SETTINGS.getOrDefault(kind, List.of()).stream())
                              .toList()))
              .help(example(kind)));
    }
    String name = keyword.orElse(TOKENS);
    if (fields.putIfAbsent(name, symbols(argument.value())) != null) {
      throw Problem.at(argument.span(), "data", "the field '" + name + "' is given twice");
    }
  }

  /** {@code words(8000, lower = true)}. */
  private Training.Symbols symbols(Ast.Expression written) {
    Optional<Training.Symbols.Cut> cut =
        written instanceof Ast.Call made && made.callee() instanceof Ast.NameReference name
            ? Training.Symbols.Cut.of(name.name())
            : Optional.empty();
    if (cut.isEmpty()) {
      throw unknownSymbols(written.span());
    }
    if (kind == Training.Kind.TAGGED && cut.get() != Training.Symbols.Cut.WORDS) {
      throw Problem.of(
          Diagnostic.at(written.span(), "data", "each field of a tagged line is one symbol")
              .note("found " + cut.get().text() + ", which would cut it")
              .help("words(8000), or words(8000, lower = true)"));
    }
    int most = 0;
    boolean lower = false;
    for (Ast.Argument argument : ((Ast.Call) written).arguments()) {
      Value value = elaboration.expressions.value(argument.value(), scope);
      boolean lowers =
          argument.keyword().map(Ast.Name::text).filter("lower"::equals).isPresent()
              && cut.get() == Training.Symbols.Cut.WORDS;
      if (!(value instanceof Value.Num number) || !lowers && argument.keyword().isPresent()) {
        throw unknownSymbols(argument.span());
      }
      if (lowers) {
        lower = number.value() != 0;
      } else if (most == 0
          && number.value() == Math.rint(number.value())
          && number.value() > Vocabulary.FIRST
          && number.value() <= MOST_SYMBOLS) {
        most = (int) number.value();
      } else {
        throw Problem.of(
            Diagnostic.at(
                    argument.value().span(),
                    "data",
                    "a vocabulary has a whole number of ids, 5 to " + MOST_SYMBOLS)
                .note("found " + value.described())
                .note("0 to 3 stand for padding, start, end and what is unknown"));
      }
    }
    if (most == 0) {
      throw unknownSymbols(written.span());
    }
    if (most < cut.get().least()) {
      throw Problem.of(
          Diagnostic.at(
                  written.span(), "data", "byte pairs need at least " + cut.get().least() + " ids")
              .note("found " + most + "; the 256 bytes come first, and 0 to 3 are special")
              .help("bpe(4000)"));
    }
    return new Training.Symbols(cut.get(), most, lower);
  }

  private static Problem unknownSymbols(Span span) {
    return Problem.of(
        Diagnostic.at(
                span, "data", "what the symbols of a text are, and how many, was expected here")
            .help("chars(96), words(8000), words(8000, lower = true) or bpe(4000)"));
  }
}
