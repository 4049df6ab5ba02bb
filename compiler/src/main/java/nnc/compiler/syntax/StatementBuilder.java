package nnc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.grammar.NnParser.BlockContext;
import nnc.grammar.NnParser.BufferStatementContext;
import nnc.grammar.NnParser.DimStatementContext;
import nnc.grammar.NnParser.InputStatementContext;
import nnc.grammar.NnParser.LineContext;
import nnc.grammar.NnParser.MetricStatementContext;
import nnc.grammar.NnParser.NameContext;
import nnc.grammar.NnParser.NamesContext;
import nnc.grammar.NnParser.OutputStatementContext;
import nnc.grammar.NnParser.ParamStatementContext;
import nnc.grammar.NnParser.RecurStatementContext;
import nnc.grammar.NnParser.RepeatStatementContext;
import nnc.grammar.NnParser.StartStatementContext;
import nnc.grammar.NnParser.StateStatementContext;
import nnc.grammar.NnParser.StatementContext;
import nnc.grammar.NnParser.TruncateStatementContext;
import nnc.grammar.NnParser.TypeContext;
import nnc.grammar.NnParser.UpdateStatementContext;
import nnc.grammar.NnParser.ValueOrAssignmentContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Makes statements of the lines of a block. */
final class StatementBuilder {
  private final SyntaxErrors errors;
  private final Map<Token, String> docs;
  private final ExpressionBuilder expressions;
  private final Function<BlockContext, List<Ast.Statement>> blocks;

  StatementBuilder(
      SyntaxErrors errors,
      Map<Token, String> docs,
      ExpressionBuilder expressions,
      Function<BlockContext, List<Ast.Statement>> blocks) {
    this.errors = errors;
    this.docs = docs;
    this.expressions = expressions;
    this.blocks = blocks;
  }

  /** Empty for what is no line of a block, and for lines with a syntax error. */
  Optional<Ast.Statement> build(ParseTree tree) {
    return tree instanceof LineContext line && line.exception == null
        ? Optional.of(statement(line.statement()))
        : Optional.empty();
  }

  private Ast.Statement statement(StatementContext context) {
    Span span = errors.span(context);
    return switch (context.getChild(0)) {
      case DimStatementContext dim ->
          new Ast.DimStatement(
              name(dim.name()), dim.AT_MOST() != null, value(dim.expression()), span);
      case InputStatementContext input ->
          new Ast.InputStatement(
              names(input.names()), doc(context), expressions.type(input.type()), span);
      case OutputStatementContext output ->
          new Ast.OutputStatement(
              name(output.name()), doc(context), expressions.optional(output.expression()), span);
      case MetricStatementContext metric ->
          new Ast.MetricStatement(
              name(metric.name()), doc(context), value(metric.expression()), span);
      case ParamStatementContext param ->
          new Ast.ParamStatement(
              names(param.names()),
              expressions.type(param.type()),
              expressions.optional(param.expression()),
              Optional.ofNullable(param.paramCondition())
                  .map(condition -> value(condition.expression())),
              span);
      case BufferStatementContext buffer ->
          new Ast.BufferStatement(
              names(buffer.names()),
              expressions.type(buffer.type()),
              value(buffer.expression()),
              span);
      case UpdateStatementContext update ->
          new Ast.UpdateStatement(name(update.name()), value(update.expression()), span);
      case StateStatementContext state ->
          new Ast.StateStatement(
              names(state.names()), type(state.type()), value(state.expression()), span);
      case StartStatementContext start ->
          new Ast.StartStatement(
              names(start.names()), type(start.type()), value(start.expression()), span);
      case TruncateStatementContext truncate ->
          new Ast.TruncateStatement(value(truncate.expression()), span);
      case RepeatStatementContext repeat ->
          new Ast.RepeatStatement(value(repeat.expression()), blocks.apply(repeat.block()), span);
      case RecurStatementContext recur ->
          new Ast.RecurStatement(
              name(recur.name(0)), name(recur.name(1)), blocks.apply(recur.block()), span);
      case ValueOrAssignmentContext either -> valueOrAssignment(either, span);
      case ParseTree other ->
          throw new IllegalStateException("no statement: " + other.getClass().getSimpleName());
    };
  }

  private Ast.Statement valueOrAssignment(ValueOrAssignmentContext context, Span span) {
    List<Ast.Expression> left = expressions.list(context.values().expression());
    if (context.ASSIGN() == null) {
      return new Ast.ValueStatement(left, span);
    }
    List<Ast.Target> targets = new ArrayList<>();
    for (Ast.Expression expression : left) {
      target(expression).ifPresentOrElse(targets::add, () -> reportNoTarget(expression));
    }
    return new Ast.AssignStatement(List.copyOf(targets), value(context.expression()), span);
  }

  private static Optional<Ast.Target> target(Ast.Expression expression) {
    return switch (expression) {
      case Ast.NameReference(String name, Span span) ->
          Optional.of(new Ast.Target(new Ast.Name(name, span), Optional.empty(), span));
      case Ast.Index(
              Ast.NameReference(String name, Span at),
              List<Ast.Subscript> subscripts,
              Span span)
          when subscripts.size() == 1
              && subscripts.getFirst() instanceof Ast.At(Ast.Expression position, _) ->
          Optional.of(new Ast.Target(new Ast.Name(name, at), Optional.of(position), span));
      default -> Optional.empty();
    };
  }

  private void reportNoTarget(Ast.Expression expression) {
    Diagnostic diagnostic =
        Diagnostic.at(expression.span(), "syntax", "expected a name on the left side of '='");
    errors.report(
        switch (expression) {
          case Ast.ListLiteral _ ->
              diagnostic.help("several values are bound without parentheses: h, c = cell(x)");
          case Ast.Call _ ->
              diagnostic.help("a function is declared outside of any block: fn f(x) = …");
          default -> diagnostic.help("to compare, write '=='");
        });
  }

  private Ast.Name name(NameContext name) {
    return expressions.name(name);
  }

  private List<Ast.Name> names(NamesContext names) {
    return names.name().stream().map(this::name).toList();
  }

  private Ast.Expression value(ParseTree expression) {
    return expressions.build(expression);
  }

  private Optional<Ast.TypeExpression> type(@Nullable TypeContext type) {
    return Optional.ofNullable(type).map(expressions::type);
  }

  private String doc(StatementContext statement) {
    return docs.getOrDefault(statement.getStart(), "");
  }
}
