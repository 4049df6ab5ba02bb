package nnc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.grammar.NnParser.ArgumentContext;
import nnc.grammar.NnParser.ArgumentValueContext;
import nnc.grammar.NnParser.AxisContext;
import nnc.grammar.NnParser.AxisNameContext;
import nnc.grammar.NnParser.BlockContext;
import nnc.grammar.NnParser.CallItemContext;
import nnc.grammar.NnParser.CallSuffixContext;
import nnc.grammar.NnParser.ComparisonContext;
import nnc.grammar.NnParser.ConjunctionContext;
import nnc.grammar.NnParser.DisjunctionContext;
import nnc.grammar.NnParser.ExpressionContext;
import nnc.grammar.NnParser.HeadsExpressionContext;
import nnc.grammar.NnParser.IndexSuffixContext;
import nnc.grammar.NnParser.MemberSuffixContext;
import nnc.grammar.NnParser.NameContext;
import nnc.grammar.NnParser.NegationContext;
import nnc.grammar.NnParser.OverClauseContext;
import nnc.grammar.NnParser.ParenthesisedContext;
import nnc.grammar.NnParser.PostfixContext;
import nnc.grammar.NnParser.PowerContext;
import nnc.grammar.NnParser.PrimaryContext;
import nnc.grammar.NnParser.ProductContext;
import nnc.grammar.NnParser.SubscriptContext;
import nnc.grammar.NnParser.SumContext;
import nnc.grammar.NnParser.TypeContext;
import nnc.grammar.NnParser.UnaryContext;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Makes expressions of parse trees that have no syntax error in them. */
final class ExpressionBuilder {
  private final SyntaxErrors errors;
  private final Literals literals;
  private final Function<BlockContext, List<Ast.Statement>> blocks;

  /** @param blocks makes the body of a {@code heads} block */
  ExpressionBuilder(SyntaxErrors errors, Function<BlockContext, List<Ast.Statement>> blocks) {
    this.errors = errors;
    this.literals = new Literals(errors);
    this.blocks = blocks;
  }

  /** @param tree an expression of any level of precedence */
  Ast.Expression build(ParseTree tree) {
    return switch (tree) {
      case ExpressionContext expression -> pipeline(expression);
      case DisjunctionContext disjunction -> leftAssociative(disjunction);
      case ConjunctionContext conjunction -> leftAssociative(conjunction);
      case NegationContext negation -> unary(negation);
      case ComparisonContext comparison -> comparison(comparison);
      case SumContext sum -> leftAssociative(sum);
      case ProductContext product -> leftAssociative(product);
      case UnaryContext unary -> unary(unary);
      case PowerContext power -> leftAssociative(power);
      case PostfixContext postfix -> postfix(postfix);
      case PrimaryContext primary -> primary(primary);
      default ->
          throw new IllegalStateException("no expression: " + tree.getClass().getSimpleName());
    };
  }

  Ast.Name name(NameContext name) {
    return name(name.IDENT().getSymbol());
  }

  private Ast.Name name(Token token) {
    return new Ast.Name(token.getText(), errors.span(token));
  }

  List<Ast.Expression> list(List<ExpressionContext> expressions) {
    return expressions.stream().map(this::build).toList();
  }

  Optional<Ast.Expression> optional(@Nullable ExpressionContext expression) {
    return Optional.ofNullable(expression).map(this::build);
  }

  Ast.TypeExpression type(TypeContext type) {
    Optional<Ast.Name> element = Optional.ofNullable(type.name()).map(this::name);
    return new Ast.TypeExpression(
        element, type.axis().stream().map(this::axis).toList(), errors.span(type));
  }

  private Ast.AxisExpression axis(AxisContext axis) {
    return axis.LEADING() != null
        ? new Ast.LeadingAxes(errors.span(axis))
        : new Ast.SizeAxis(build(axis.expression()), errors.span(axis));
  }

  /** A value, or a range where an argument stands. */
  Ast.Expression argumentValue(ArgumentValueContext value) {
    Ast.Expression from = build(value.expression(0));
    return value.RANGE() == null
        ? from
        : new Ast.RangeLiteral(from, build(value.expression(1)), errors.span(value));
  }

  // ---------------------------------------------------------------- operators

  private Ast.Expression pipeline(ExpressionContext pipeline) {
    Ast.Expression value = build(pipeline.getChild(0));
    for (int i = 2; i < pipeline.getChildCount(); i += 2) {
      Ast.Expression layer = build(pipeline.getChild(i));
      value = new Ast.Pipe(value, layer, spanThrough(pipeline, i));
    }
    return value;
  }

  private Ast.Expression leftAssociative(ParserRuleContext chain) {
    Ast.Expression value = build(chain.getChild(0));
    for (int i = 2; i < chain.getChildCount(); i += 2) {
      Token operator = token(chain.getChild(i - 1));
      Ast.Expression right = build(chain.getChild(i));
      value =
          new Ast.Binary(
              operator.getText(), value, right, errors.span(operator), spanThrough(chain, i));
    }
    return value;
  }

  private Ast.Expression comparison(ComparisonContext comparison) {
    if (comparison.getChildCount() > 3) {
      Token second = token(comparison.getChild(3));
      errors.report(
          Diagnostic.at(errors.span(second), "syntax", "comparisons cannot be chained")
              .label(errors.span(token(comparison.getChild(1))), "the first")
              .help("join two comparisons with 'and': a < b and b < c"));
    }
    return leftAssociative(comparison);
  }

  private Ast.Expression unary(ParserRuleContext unary) {
    String operator = token(unary.getChild(0)).getText();
    return new Ast.Unary(operator, build(unary.getChild(1)), errors.span(unary));
  }

  private Span spanThrough(ParserRuleContext parent, int lastChild) {
    return switch (parent.getChild(lastChild)) {
      case ParserRuleContext context -> errors.span(parent.getStart(), context.getStop());
      case ParseTree leaf -> errors.span(parent.getStart(), token(leaf));
    };
  }

  private static Token token(ParseTree leaf) {
    return ((TerminalNode) leaf).getSymbol();
  }

  // ---------------------------------------------------------------- calls, indices, members

  private Ast.Expression postfix(PostfixContext postfix) {
    Ast.Expression value = build(postfix.getChild(0));
    for (int i = 1; i < postfix.getChildCount(); i++) {
      Span span = spanThrough(postfix, i);
      value =
          switch (postfix.getChild(i)) {
            case CallSuffixContext call -> call(value, call, span);
            case IndexSuffixContext index ->
                new Ast.Index(
                    value, index.subscript().stream().map(this::subscript).toList(), span);
            case MemberSuffixContext member -> new Ast.Member(value, name(member.name()), span);
            case ParseTree other ->
                throw new IllegalStateException("no suffix: " + other.getClass().getSimpleName());
          };
    }
    return value;
  }

  private Ast.Expression call(Ast.Expression callee, CallSuffixContext call, Span span) {
    List<Ast.Argument> arguments = new ArrayList<>();
    Optional<Ast.Axes> over = Optional.empty();
    Optional<Ast.Expression> where = Optional.empty();
    List<CallItemContext> items = call.callItem();
    for (CallItemContext item : items) {
      if (item.argument() != null) {
        arguments.add(argument(item.argument()));
      }
      OverClauseContext clause = item.overClause();
      if (clause != null) {
        if (item != items.getLast()) {
          reportEarlyClause(clause);
        }
        over =
            Optional.ofNullable(clause.axes())
                .map(axes -> axes(axes.axisName(), errors.span(axes)));
        where = optional(clause.expression());
      }
    }
    return new Ast.Call(callee, List.copyOf(arguments), over, where, span);
  }

  private void reportEarlyClause(OverClauseContext clause) {
    String word = clause.getStart().getText();
    errors.report(
        Diagnostic.at(
                errors.span(clause), "syntax", "'" + word + "' stands after the last argument")
            .help("several axes stand in parentheses: over (T, d)"));
  }

  private Ast.Argument argument(ArgumentContext argument) {
    Ast.Expression first = argumentValue(argument.argumentValue(0));
    if (argument.ASSIGN() == null) {
      return new Ast.Argument(Optional.empty(), first, errors.span(argument));
    }
    Ast.Expression value = argumentValue(argument.argumentValue(1));
    if (first instanceof Ast.NameReference keyword) {
      Ast.Name name = new Ast.Name(keyword.name(), keyword.span());
      return new Ast.Argument(Optional.of(name), value, errors.span(argument));
    }
    errors.report(
        Diagnostic.at(
                errors.span(argument.ASSIGN().getSymbol()),
                "syntax",
                "'=' hands an argument over by name, and no name stands before it")
            .help("to compare, write '=='"));
    return new Ast.Argument(Optional.empty(), value, errors.span(argument));
  }

  private Ast.Axes axes(List<AxisNameContext> axes, Span span) {
    return new Ast.Axes(axes.stream().map(this::axisName).toList(), span);
  }

  private Ast.Expression axisName(AxisNameContext axis) {
    Span span = errors.span(axis);
    if (axis.IDENT() != null) {
      return new Ast.NameReference(axis.IDENT().getText(), span);
    }
    Ast.NumberLiteral number = literals.number(axis.NUMBER().getSymbol());
    double value = axis.MINUS() == null ? number.value() : -number.value();
    return new Ast.NumberLiteral(value, number.integer(), span);
  }

  private Ast.Subscript subscript(SubscriptContext subscript) {
    Span span = errors.span(subscript);
    if (subscript.LEADING() != null) {
      return new Ast.LeadingSubscripts(span);
    }
    if (subscript.RANGE() == null) {
      return new Ast.At(build(subscript.expression(0)), span);
    }
    boolean hasFrom = subscript.getChild(0) instanceof ExpressionContext;
    @Nullable ExpressionContext from = hasFrom ? subscript.expression(0) : null;
    @Nullable ExpressionContext to = subscript.expression(hasFrom ? 1 : 0);
    return new Ast.Range(optional(from), optional(to), span);
  }

  // ---------------------------------------------------------------- operands

  private Ast.Expression primary(PrimaryContext primary) {
    return switch (primary.getChild(0)) {
      case ParenthesisedContext parenthesised -> parenthesised(parenthesised);
      case HeadsExpressionContext heads -> heads(heads);
      case ParseTree leaf -> literals.operand(token(leaf));
    };
  }

  private Ast.Expression parenthesised(ParenthesisedContext parenthesised) {
    List<Ast.Expression> elements = list(parenthesised.expression());
    return elements.size() == 1
        ? elements.getFirst()
        : new Ast.ListLiteral(elements, errors.span(parenthesised));
  }

  private Ast.Expression heads(HeadsExpressionContext heads) {
    return new Ast.Heads(
        build(heads.expression(0)),
        name(heads.name()),
        optional(heads.expression(1)),
        blocks.apply(heads.block()),
        errors.span(heads));
  }
}
