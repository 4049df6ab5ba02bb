package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Constant;
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

/** Resolves where data comes from, and how its columns become the inputs of a model. */
final class DataSources {
  private final Scope globals;
  private final Problems problems;
  private final List<String> declared;

  /** @param declared the names of the model's inputs, those with an error too */
  DataSources(Scope globals, Problems problems, List<String> declared) {
    this.globals = globals;
    this.problems = problems;
    this.declared = declared;
  }

  Optional<Training.Data> resolve(Ast.DataItem item, List<TypedModel.Input> inputs) {
    List<Training.Data> result = new ArrayList<>();
    problems.guarded(item.span(), () -> result.add(data(item, inputs)));
    return result.stream().findFirst();
  }

  private Training.Data data(Ast.DataItem item, List<TypedModel.Input> inputs) {
    if (!(item.source() instanceof Ast.Call call
        && call.callee() instanceof Ast.NameReference kind
        && List.of("csv", "idx").contains(kind.name()))) {
      throw Problem.of(
          Diagnostic.at(item.source().span(), "data", "a source of data was expected here")
              .help("csv(\"file.csv\") or idx(images = \"a.idx3.gz\", labels = \"b.idx1.gz\")"));
    }
    Map<String, String> files = files(call, kind.name());
    List<Training.Mapping> mappings = new ArrayList<>();
    for (Ast.ColumnMapping mapping : item.columns()) {
      problems.guarded(
          mapping.span(), () -> mappings.add(mapping(mapping, kind.name(), files, inputs)));
    }
    for (TypedModel.Input input : inputs) {
      if (item.columns().stream()
          .noneMatch(mapping -> mapping.input().text().equals(input.name()))) {
        problems.add(
            Diagnostic.at(item.span(), "data", "the input '" + input.name() + "' gets no columns")
                .help("say which: " + input.name() + " = columns(0..9)"));
      }
    }
    Optional<Training.HoldOut> holdOut =
        item.holdOut()
            .map(hold -> {
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
            });
    return new Training.Data(kind.name(), files, mappings, holdOut, item.span());
  }

  private static Map<String, String> files(Ast.Call call, String kind) {
    Map<String, String> files = new LinkedHashMap<>();
    for (Ast.Argument argument : call.arguments()) {
      if (!(argument.value() instanceof Ast.TextLiteral text)) {
        throw Problem.at(
            argument.span(), "data", "the path of a file was expected here, in quotes");
      }
      if (kind.equals("csv") == argument.keyword().isPresent()) {
        throw Problem.of(
            Diagnostic.at(
                    argument.span(),
                    "data",
                    kind.equals("csv") ? "csv takes one path" : "the files of idx have names")
                .help(
                    kind.equals("csv")
                        ? "csv(\"file.csv\")"
                        : "idx(images = \"a.idx3.gz\", labels = \"b.idx1.gz\")"));
      }
      files.put(
          argument.keyword().map(Ast.Name::text).orElse(String.valueOf(files.size())),
          text.value());
    }
    if (files.isEmpty() || kind.equals("csv") && files.size() != 1) {
      throw Problem.at(
          call.span(),
          "data",
          kind.equals("csv") ? "csv takes one path" : "idx takes at least one path");
    }
    return files;
  }

  private Training.Mapping mapping(
      Ast.ColumnMapping mapping,
      String kind,
      Map<String, String> files,
      List<TypedModel.Input> inputs) {
    TypedModel.Input input =
        inputs.stream()
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
    int elements =
        input.type().shape().rank() == 0
            ? 1
            : input.type().shape().without(List.of(0)).elements().constant();
    GraphBuilder builder = new GraphBuilder();
    Elaboration elaboration = new Elaboration(builder, problems, globals, false, List.of());
    Scope scope = elaboration.globals.inner();
    List<Training.Column> columns = new ArrayList<>();
    Node raw =
        builder.add(
            new Variable(Variable.Kind.INPUT, Training.Mapping.RAW, Type.f32(Shape.of(elements))));
    TensorValue rawValue =
        new TensorValue(builder.label(raw, Training.Mapping.RAW), Tensors.unnamed(1));
    if (kind.equals("csv")) {
      BuiltIns.Entry entry =
          arguments -> {
            if (!columns.isEmpty()) {
              throw Problem.at(arguments.span(), "data", "an input takes its columns once");
            }
            arguments
                .positional()
                .forEach(argument -> columns(argument.value(), argument.span(), columns));
            if (columns.size() != elements) {
              throw Problem.of(
                  Diagnostic.at(
                          arguments.span(),
                          "data",
                          "the input '"
                              + input.name()
                              + "' has "
                              + elements
                              + " values a row, these are "
                              + columns.size()
                              + " columns")
                      .note(
                          "it is declared as "
                              + input.type().element().text()
                              + input.type().shape()));
            }
            return rawValue;
          };
      scope.bind("column", new Value.BuiltIn("column", entry));
      scope.bind("columns", new Value.BuiltIn("columns", entry));
    }
    TensorValue value =
        kind.equals("csv")
            ? elaboration.expressions.tensor(mapping.value(), scope)
            : idx(mapping, files, scope, rawValue, columns, elaboration);
    if (columns.isEmpty()) {
      throw Problem.of(
          Diagnostic.at(mapping.value().span(), "data", "no column is named here")
              .help(mapping.input() + " = columns(0..9)"));
    }
    Graph preparation = Graph.of(Map.of("value", elaboration.tensors.number(value).node()));
    requireElementwise(preparation, mapping.value().span());
    return new Training.Mapping(input.name(), columns, preparation, mapping.span());
  }

  /** The names of IDX files stand for their values. */
  private static TensorValue idx(
      Ast.ColumnMapping mapping,
      Map<String, String> files,
      Scope scope,
      TensorValue raw,
      List<Training.Column> columns,
      Elaboration elaboration) {
    for (String name : files.keySet()) {
      if (mentions(mapping.value(), name)) {
        columns.add(new Training.Column(-1, name));
        scope.bind(name, raw);
      } else {
        scope.bind(name, new Value.Broken());
      }
    }
    if (columns.size() > 1) {
      throw Problem.at(mapping.value().span(), "data", "an input takes its values from one file");
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

  private static void columns(Value value, Span span, List<Training.Column> columns) {
    switch (value) {
      case Value.Num number
          when number.value() == Math.rint(number.value()) && number.value() >= 0 ->
          columns.add(new Training.Column((int) number.value(), ""));
      case Value.Text text -> columns.add(new Training.Column(-1, text.text()));
      case Value.Range(Value.Num from, Value.Num to)
          when from.value() >= 0 && from.value() <= to.value() -> {
        for (int column = (int) from.value(); column <= to.value(); column++) {
          columns.add(new Training.Column(column, ""));
        }
      }
      default ->
          throw Problem.of(
              Diagnostic.at(
                      span,
                      "data",
                      "columns are named by number, by a range of numbers or by the text of the header")
                  .note("found " + value.described())
                  .help("columns(0..63), columns(0, 2), column(\"digit\")"));
    }
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
