package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.text.Framing;
import org.jspecify.annotations.Nullable;

/** Resolves where data comes from, and how its columns become the inputs of a model. */
final class DataSources {
  private static final int MOST_PLACES = 1 << 24;

  private final Scope globals;
  private final Problems problems;
  private final List<String> declared;

  /** @param declared the names of the model's inputs, those with an error too */
  DataSources(Scope globals, Problems problems, List<String> declared) {
    this.globals = globals;
    this.problems = problems;
    this.declared = declared;
  }

  /**
   * @param trained the source that is trained on, where this is a test set: one of the same kind need not say again what it holds
   */
  Optional<Training.Data> resolve(
      Ast.DataItem item, List<TypedModel.Input> inputs, Optional<Training.Data> trained) {
    List<Training.Data> result = new ArrayList<>();
    problems.guarded(item.span(), () -> result.add(data(item, inputs, trained)));
    return result.stream().findFirst();
  }

  private Training.Data data(
      Ast.DataItem item, List<TypedModel.Input> inputs, Optional<Training.Data> trained) {
    Elaboration elaboration =
        new Elaboration(new GraphBuilder(), problems, globals, false, List.of());
    SourceCall call = new SourceCall(item.source(), elaboration, globals);
    Optional<Training.Data> same = trained.filter(data -> data.kind() == call.kind());
    boolean again = same.isPresent() && (call.kind().symbolic() || item.columns().isEmpty());
    call.read(again);
    if (again) {
      return again(item, call, same.get());
    }
    if (item.evaluation() && call.kind().symbolic()) {
      throw Problem.of(
          Diagnostic.at(
                  item.span(),
                  "data",
                  "a test set of symbols belongs to data of the same kind that is trained on")
              .help(
                  trained
                      .filter(data -> data.kind().symbolic())
                      .map(data ->
                          "name a file of that kind: eval " + data.kind().text() + "(\"file\")")
                      .orElse("name that data first: data " + call.kind().text() + "(…) { … }")));
    }
    List<Training.Mapping> mappings = new ArrayList<>();
    for (Ast.ColumnMapping mapping : item.columns()) {
      problems.guarded(mapping.span(), () -> mappings.add(mapping(mapping, call, inputs)));
    }
    for (TypedModel.Input input : inputs) {
      if (item.columns().stream()
          .noneMatch(mapping -> mapping.input().text().equals(input.name()))) {
        problems.add(
            Diagnostic.at(item.span(), "data", "the input '" + input.name() + "' gets no columns")
                .help("say which: " + input.name() + " = " + example(call)));
      }
    }
    return new Training.Data(
        call.kind(),
        call.files(),
        call.fields(),
        call.settings(),
        mappings,
        item.holdOut().map(DataSources::holdOut),
        item.source().span());
  }

  private static String example(SourceCall call) {
    return switch (call.kind()) {
      case CSV -> "columns(0..9)";
      case IDX -> call.files().keySet().iterator().next() + " / 255";
      case TEXT -> "tokens(0..9)";
      case PAIRS, TAGGED -> call.fields().keySet().iterator().next();
      case COOCCURRENCES -> "count";
    };
  }

  private static Training.Data again(Ast.DataItem item, SourceCall call, Training.Data trained) {
    if (!item.columns().isEmpty()) {
      throw Problem.of(
          Diagnostic.at(
                  item.columns().getFirst().span(),
                  "data",
                  "a test set feeds the inputs as the data does that is trained on")
              .help("name the file alone: eval " + call.kind().text() + "(\"file\")"));
    }
    if (!call.files().keySet().equals(trained.files().keySet())) {
      throw Problem.of(
          Diagnostic.at(
                  item.span(), "data", "a test set has the files of the data that is trained on")
              .note("these are " + String.join(", ", trained.files().keySet())));
    }
    return trained.over(call.files(), item.source().span());
  }

  private static Training.HoldOut holdOut(Ast.HoldOut hold) {
    boolean fits =
        hold.percent()
            ? hold.amount() > 0 && hold.amount() < 100
            : hold.amount() >= 1 && hold.amount() == Math.rint(hold.amount());
    if (!fits) {
      throw Problem.of(
          Diagnostic.at(
              hold.span(),
              "data",
              "a share between 0% and 100%, or a whole number of rows, can be held out"));
    }
    return new Training.HoldOut(hold.amount(), hold.percent());
  }

  private Training.Mapping mapping(
      Ast.ColumnMapping mapping, SourceCall call, List<TypedModel.Input> inputs) {
    TypedModel.Input input = input(mapping, inputs);
    int elements =
        input.type().shape().rank() == 0
            ? 1
            : input.type().shape().without(List.of(0)).elements().constant();
    if (call.kind() == Training.Kind.PAIRS || call.kind() == Training.Kind.TAGGED) {
      return sequence(mapping, call, input);
    }
    GraphBuilder builder = new GraphBuilder();
    Elaboration elaboration = new Elaboration(builder, problems, globals, false, List.of());
    Scope scope = elaboration.globals.inner();
    List<Training.Column> columns = new ArrayList<>();
    Node raw =
        builder.add(
            new Variable(Variable.Kind.INPUT, Training.Mapping.RAW, Type.f32(Shape.of(elements))));
    TensorValue rawValue =
        new TensorValue(builder.label(raw, Training.Mapping.RAW), Tensors.unnamed(1));
    TensorValue value =
        switch (call.kind()) {
          case CSV -> {
            BuiltIns.Entry entry = columns(call.kind(), input, elements, columns, rawValue);
            scope.bind("column", new Value.BuiltIn("column", entry));
            scope.bind("columns", new Value.BuiltIn("columns", entry));
            yield elaboration.expressions.tensor(mapping.value(), scope);
          }
          case TEXT -> {
            scope.bind(
                SourceCall.TOKENS,
                new Value.BuiltIn(
                    SourceCall.TOKENS, columns(call.kind(), input, elements, columns, rawValue)));
            yield elaboration.expressions.tensor(mapping.value(), scope);
          }
          case COOCCURRENCES ->
              named(mapping, SourceCall.COOCCURRENCE, scope, rawValue, columns, elaboration);
          case IDX -> named(mapping, call.files().keySet(), scope, rawValue, columns, elaboration);
          case PAIRS, TAGGED ->
              throw new IllegalStateException("data: a sequence feeds an input as a whole");
        };
    if (columns.isEmpty()) {
      throw Problem.of(
          Diagnostic.at(mapping.value().span(), "data", "no column is named here")
              .help(mapping.input() + " = " + example(call)));
    }
    Graph preparation = Graph.of(Map.of("value", elaboration.tensors.number(value).node()));
    requireElementwise(preparation, mapping.value().span());
    Training.Mapping made =
        new Training.Mapping(input.name(), columns, Framing.PLAIN, preparation, mapping.span());
    if (call.kind() == Training.Kind.TEXT || isWord(call, columns)) {
      requireIds(made, call, input);
      requireRoom(mapping, input, call.fields().get(SourceCall.TOKENS));
    }
    return made;
  }

  private static boolean isWord(SourceCall call, List<Training.Column> columns) {
    return call.kind() == Training.Kind.COOCCURRENCES && !columns.getFirst().name().equals("count");
  }

  private static void requireIds(
      Training.Mapping mapping, SourceCall call, TypedModel.Input input) {
    if (input.type().element() != ElementType.I32) {
      throw Problem.of(
          Diagnostic.at(mapping.span(), "data", "ids of symbols feed an input of whole numbers")
              .note("'" + input.name() + "' is declared as " + input.type())
              .help("declare it as i32, and look its rows up in an Embedding"));
    }
    if (!mapping.plain()) {
      String written =
          call.kind() == Training.Kind.TEXT
              ? SourceCall.TOKENS + "(…)"
              : mapping.columns().getFirst().name();
      throw Problem.of(
          Diagnostic.at(mapping.span(), "data", "ids of symbols are used as they are")
              .note("arithmetic would make other symbols of them")
              .help("%s = %s".formatted(mapping.input(), written)));
    }
  }

  private TypedModel.Input input(Ast.ColumnMapping mapping, List<TypedModel.Input> inputs) {
    return inputs.stream()
        .filter(other -> other.name().equals(mapping.input().text()))
        .findFirst()
        .orElseThrow(() -> {
          if (declared.contains(mapping.input().text())) {
            return Problem.told();
          }
          Diagnostic unknown =
              Diagnostic.at(
                  mapping.input().span(),
                  "name",
                  "the model has no input '" + mapping.input() + "'");
          return Problem.of(unknown.help("it has " + String.join(", ", declared)));
        });
  }

  /** {@code before = start(sound)}: a whole sequence, padded to the length of the input. */
  private static Training.Mapping sequence(
      Ast.ColumnMapping mapping, SourceCall call, TypedModel.Input input) {
    Ast.Expression written = mapping.value();
    Framing framing = Framing.PLAIN;
    if (written instanceof Ast.Call framed
        && framed.callee() instanceof Ast.NameReference frame
        && List.of("start", "end").contains(frame.name())
        && framed.arguments().size() == 1) {
      framing = frame.name().equals("start") ? Framing.STARTED : Framing.ENDED;
      written = framed.arguments().getFirst().value();
    }
    String first = call.fields().keySet().iterator().next();
    if (!(written instanceof Ast.NameReference field && call.fields().containsKey(field.name()))) {
      throw Problem.of(
          Diagnostic.at(mapping.value().span(), "data", "a field of the data was expected here")
              .note("there are " + String.join(", ", call.fields().keySet()))
              .help(
                  "%s = %s, or start(%s), or end(%s)"
                      .formatted(mapping.input().text(), first, first, first)));
    }
    if (input.type().element() != ElementType.I32 || input.type().shape().rank() != 2) {
      throw Problem.of(
          Diagnostic.at(mapping.span(), "data", "a sequence of symbols feeds an input i32[B, T]")
              .note("'" + input.name() + "' is declared as " + input.type()));
    }
    requireRoom(mapping, input, call.fields().get(field.name()));
    GraphBuilder builder = new GraphBuilder();
    Node raw =
        builder.add(new Variable(Variable.Kind.INPUT, Training.Mapping.RAW, Type.f32(Shape.of(1))));
    return new Training.Mapping(
        input.name(),
        List.of(new Training.Column(-1, field.name())),
        framing,
        Graph.of(Map.of("value", raw)),
        mapping.span());
  }

  /** A vocabulary may not have ids that the model has no row or class for. */
  private static void requireRoom(
      Ast.ColumnMapping mapping, TypedModel.Input input, Training.@Nullable Symbols symbols) {
    int classes = input.idRange().map(TypedModel.IdRange::classes).orElse(Integer.MAX_VALUE);
    if (symbols != null && symbols.most() > classes) {
      throw Problem.of(
          Diagnostic.at(
                  mapping.span(), "data", "the vocabulary has more ids than the model tells apart")
              .note(
                  "up to %d ids, and the input '%s' takes 0 to %d"
                      .formatted(symbols.most(), input.name(), classes - 1))
              .help(
                  classes < symbols.cut().least()
                      ? "let the model tell apart as many: a table of %d rows, or so many classes"
                          .formatted(symbols.most())
                      : "let both be the same: %s(%d), or a larger table"
                          .formatted(symbols.cut().text(), classes)));
    }
  }

  private static BuiltIns.Entry columns(
      Training.Kind kind,
      TypedModel.Input input,
      int elements,
      List<Training.Column> columns,
      TensorValue raw) {
    String unit = kind == Training.Kind.TEXT ? "symbol" : "column";
    return arguments -> {
      if (!columns.isEmpty()) {
        throw Problem.at(arguments.span(), "data", "an input takes its " + unit + "s once");
      }
      arguments
          .positional()
          .forEach(argument -> columns(kind, argument.value(), argument.span(), columns));
      if (columns.size() != elements) {
        throw Problem.of(
            Diagnostic.at(
                    arguments.span(),
                    "data",
                    "the input '%s' has %s a row, %s"
                        .formatted(
                            input.name(),
                            counted(elements, "value"),
                            (columns.size() == 1 ? "this is " : "these are ")
                                + counted(columns.size(), unit)))
                .note("it is declared as " + input.type().element().text() + input.type().shape()));
      }
      return raw;
    };
  }

  private static String counted(int count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }

  /** The names of fields stand for their values. */
  private static TensorValue named(
      Ast.ColumnMapping mapping,
      Collection<String> fields,
      Scope scope,
      TensorValue raw,
      List<Training.Column> columns,
      Elaboration elaboration) {
    for (String name : fields) {
      if (mentions(mapping.value(), name)) {
        columns.add(new Training.Column(-1, name));
        scope.bind(name, raw);
      } else {
        scope.bind(name, new Value.Broken());
      }
    }
    if (columns.size() > 1) {
      throw Problem.of(
          Diagnostic.at(mapping.value().span(), "data", "an input takes its values from one field")
              .note(
                  "found "
                      + String.join(" and ", columns.stream().map(Training.Column::name).toList()))
              .help("declare an input for each, and put them together in the model"));
    }
    return elaboration.expressions.tensor(mapping.value(), scope);
  }

  private static boolean mentions(Ast.Expression expression, String name) {
    return switch (expression) {
      case Ast.NameReference reference -> reference.name().equals(name);
      case Ast.Unary unary -> mentions(unary.operand(), name);
      case Ast.Binary binary -> mentions(binary.left(), name) || mentions(binary.right(), name);
      case Ast.Call call ->
          call.arguments().stream().anyMatch(argument -> mentions(argument.value(), name));
      case Ast.Pipe pipe -> mentions(pipe.input(), name);
      default -> false;
    };
  }

  private static void columns(
      Training.Kind kind, Value value, Span span, List<Training.Column> columns) {
    switch (value) {
      case Value.Num number when isPlace(number) ->
          columns.add(new Training.Column((int) number.value(), ""));
      case Value.Text text when kind == Training.Kind.CSV ->
          columns.add(new Training.Column(-1, text.text()));
      case Value.Range(Value.Num from, Value.Num to)
          when isPlace(from) && isPlace(to) && from.value() <= to.value() -> {
        for (int column = (int) from.value(); column <= to.value(); column++) {
          columns.add(new Training.Column(column, ""));
        }
      }
      default ->
          throw Problem.of(
              kind == Training.Kind.TEXT
                  ? Diagnostic.at(
                          span,
                          "data",
                          "symbols are named by their places in the window, which count from 0")
                      .note("found " + value.described())
                      .help("tokens(0..63), tokens(1..64), tokens(0, 1, 3, 4)")
                  : Diagnostic.at(
                          span,
                          "data",
                          "columns are named by number, by a range of numbers or by the text of the header")
                      .note("found " + value.described())
                      .help("columns(0..63), columns(0, 2), column(\"digit\")"));
    }
  }

  private static boolean isPlace(Value.Num number) {
    return number.value() == Math.rint(number.value())
        && number.value() >= 0
        && number.value() <= MOST_PLACES;
  }

  private static void requireElementwise(Graph preparation, Span span) {
    for (Node node : preparation.nodes()) {
      boolean plain =
          node.op() instanceof Elementwise
              || node.op() instanceof Constant
              || node.op() instanceof Variable
              || node.op() instanceof Broadcast && node.input(0).shape().rank() == 0;
      if (!plain) {
        throw Problem.of(
            Diagnostic.at(span, "data", "columns are prepared value by value")
                .note("'" + node.op().name() + "' relates several")
                .help("do this inside the model"));
      }
    }
  }
}
