package nnc.compiler.syntax;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Prints the syntax of a file as an indented tree: a line for each declaration and statement, every
 * operation in parentheses, operands on lines of their own where one line gets long. The output depends on
 * the syntax alone, not on how the file is laid out.
 */
public final class AstPrinter {
  private final StringBuilder out = new StringBuilder();
  private final ExpressionPrinter expressions = new ExpressionPrinter(out, this::body);

  private AstPrinter() {}

  /** The tree of a file, with a line end after each line. */
  public static String print(Ast.File file) {
    AstPrinter printer = new AstPrinter();
    file.imports()
        .forEach(path -> printer.line(0, "import " + InlineExpressions.quoted(path.path())));
    file.declarations().forEach(printer::declaration);
    return printer.out.toString();
  }

  private void line(int depth, String text) {
    expressions.line(depth, text);
  }

  // ---------------------------------------------------------------- declarations

  private void declaration(Ast.Declaration declaration) {
    switch (declaration) {
      case Ast.ModelDeclaration model -> {
        head("model", model);
        body(1, model.body());
      }
      case Ast.LayerDeclaration layer -> {
        head("layer", layer);
        parameters("configuration", layer.configuration());
        parameters("input", layer.inputs());
        body(1, layer.body());
      }
      case Ast.FunctionDeclaration function -> {
        head("fn", function);
        parameters("input", function.inputs());
        body(1, function.body());
      }
      case Ast.OptimizerDeclaration optimizer -> {
        head("optimizer", optimizer);
        parameters("configuration", optimizer.configuration());
        body(1, optimizer.body());
      }
      case Ast.TrainDeclaration train -> {
        doc(0, train.doc());
        line(
            0,
            "train " + train.name() + train.variant().map(variant -> " as " + variant).orElse(""));
        train.items().forEach(this::item);
      }
      case Ast.GenerateDeclaration generate -> {
        head("generate", generate);
        generate.items().forEach(this::item);
      }
    }
  }

  private void head(String word, Ast.Declaration declaration) {
    doc(0, declaration.doc());
    line(0, word + " " + declaration.name());
  }

  private void doc(int depth, String doc) {
    if (!doc.isEmpty()) {
      doc.lines().forEach(text -> line(depth, ("/// " + text).stripTrailing()));
    }
  }

  private void parameters(String role, List<Ast.Parameter> parameters) {
    for (Ast.Parameter parameter : parameters) {
      String declared = role + " " + parameter.name() + type(parameter.type());
      parameter
          .defaultValue()
          .ifPresentOrElse(
              value -> expressions.print(1, declared + " =", value), () -> line(1, declared));
    }
  }

  // ---------------------------------------------------------------- statements

  private void body(int depth, List<Ast.Statement> body) {
    body.forEach(statement -> statement(depth, statement));
  }

  private void statement(int depth, Ast.Statement statement) {
    switch (statement) {
      case Ast.DimStatement dim ->
          expressions.print(
              depth, "dim " + dim.name() + (dim.bounded() ? " <=" : " ="), dim.size());
      case Ast.InputStatement input -> {
        doc(depth, input.doc());
        line(depth, "input " + names(input.names()) + type(Optional.of(input.type())));
      }
      case Ast.OutputStatement output -> {
        doc(depth, output.doc());
        optional(depth, "output " + output.name(), " =", output.value());
      }
      case Ast.MetricStatement metric -> {
        doc(depth, metric.doc());
        expressions.print(depth, "metric " + metric.name() + " =", metric.value());
      }
      case Ast.ParamStatement param -> {
        optional(
            depth,
            "param " + names(param.names()) + type(Optional.of(param.type())),
            " ~",
            param.initialiser());
        param.condition().ifPresent(condition -> expressions.print(depth + 1, "if", condition));
      }
      case Ast.BufferStatement buffer ->
          declared(depth, "buffer", buffer.names(), Optional.of(buffer.type()), buffer.value());
      case Ast.UpdateStatement update ->
          expressions.print(depth, "update " + update.name() + " =", update.value());
      case Ast.StateStatement state ->
          declared(depth, "state", state.names(), state.type(), state.value());
      case Ast.StartStatement start ->
          declared(depth, "start", start.names(), start.type(), start.value());
      case Ast.TruncateStatement truncate -> expressions.print(depth, "truncate", truncate.steps());
      case Ast.AssignStatement assign ->
          expressions.print(depth, targets(assign) + " =", assign.value());
      case Ast.RepeatStatement repeat -> {
        expressions.print(depth, "repeat", repeat.count());
        body(depth + 1, repeat.body());
      }
      case Ast.RecurStatement recur -> {
        line(depth, "recur " + recur.index() + " over " + recur.axis());
        body(depth + 1, recur.body());
      }
      case Ast.ValueStatement value when value.values().size() == 1 ->
          expressions.print(depth, "value", value.values().getFirst());
      case Ast.ValueStatement value -> {
        line(depth, "values");
        value.values().forEach(expression -> expressions.print(depth + 1, expression));
      }
    }
  }

  private void declared(
      int depth,
      String word,
      List<Ast.Name> names,
      Optional<Ast.TypeExpression> type,
      Ast.Expression value) {
    expressions.print(depth, word + " " + names(names) + type(type) + " =", value);
  }

  private void optional(int depth, String declared, String sign, Optional<Ast.Expression> value) {
    value.ifPresentOrElse(
        expression -> expressions.print(depth, declared + sign, expression),
        () -> line(depth, declared));
  }

  private static String type(Optional<Ast.TypeExpression> type) {
    return type.map(shape -> ": " + InlineExpressions.write(shape)).orElse("");
  }

  private static String targets(Ast.AssignStatement assign) {
    return assign.targets().stream().map(AstPrinter::target).collect(Collectors.joining(", "));
  }

  private static String target(Ast.Target target) {
    Optional<String> index =
        target.index().flatMap(at -> InlineExpressions.write(at, Integer.MAX_VALUE));
    return target.name() + index.map(at -> "[" + at + "]").orElse("");
  }

  private static String names(List<Ast.Name> names) {
    return names.stream().map(Ast.Name::text).collect(Collectors.joining(", "));
  }

  // ---------------------------------------------------------------- training, generation

  private void item(Ast.TrainItem item) {
    switch (item) {
      case Ast.DataItem data -> {
        expressions.print(1, data.evaluation() ? "eval" : "data", data.source());
        for (Ast.ColumnMapping column : data.columns()) {
          expressions.print(2, column.input() + " =", column.value());
        }
        data.holdOut()
            .ifPresent(h ->
                line(
                    2,
                    "hold out " + InlineExpressions.number(h.amount()) + (h.percent() ? "%" : "")));
      }
      case Ast.OptimizerItem optimizer ->
          expressions.print(
              1,
              "optimizer" + optimizer.pattern().map(p -> " for " + p + ":").orElse(""),
              optimizer.optimizer());
      case Ast.FreezeItem freeze -> line(1, "freeze " + freeze.pattern());
      case Ast.ClipItem clip ->
          expressions.print(1, clip.byNorm() ? "clip norm" : "clip value", clip.bound());
      case Ast.SettingItem setting -> expressions.print(1, setting.name().text(), setting.value());
    }
  }

  private void item(Ast.GenerateItem item) {
    switch (item) {
      case Ast.FeedItem feed -> line(1, "feed " + feed.input() + " from " + feed.value());
      case Ast.GenerateSetting setting when setting.values().size() == 1 ->
          expressions.print(1, setting.name().text(), setting.values().getFirst());
      case Ast.GenerateSetting setting -> {
        line(1, setting.name().text());
        setting.values().forEach(value -> expressions.print(2, value));
      }
    }
  }
}
