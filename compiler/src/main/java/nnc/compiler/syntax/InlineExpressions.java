package nnc.compiler.syntax;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Writes an expression on one line, every operation in parentheses, unless it gets too long. */
final class InlineExpressions {
  /** Integers up to here are exact doubles, and are written without a point. */
  private static final double EXACT = 1L << 53;

  private final int limit;
  private final StringBuilder out = new StringBuilder();

  private InlineExpressions(int limit) {
    this.limit = limit;
  }

  /** Empty if the line would be longer than the limit, or if the expression holds a block. */
  static Optional<String> write(Ast.Expression expression, int limit) {
    InlineExpressions line = new InlineExpressions(limit);
    return line.expression(expression) ? Optional.of(line.out.toString()) : Optional.empty();
  }

  /** A shape, however long. */
  static String write(Ast.TypeExpression type) {
    InlineExpressions line = new InlineExpressions(Integer.MAX_VALUE);
    type.element().ifPresent(element -> line.out.append(element));
    line.list("[", type.axes(), line::axis, "]");
    return line.out.toString();
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  static String quoted(String text) {
    String escaped =
        text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t");
    return '"' + escaped + '"';
  }

  /** Whether the expression could be written. */
  private boolean expression(Ast.Expression expression) {
    return switch (expression) {
      case Ast.NumberLiteral number -> text(number(number.value()));
      case Ast.TextLiteral text -> text(quoted(text.value()));
      case Ast.NameReference name -> text(name.name());
      case Ast.Member member -> expression(member.target()) && text("." + member.name());
      case Ast.Unary unary ->
          text(unary.operator().equals("not") ? "(not " : "(-")
              && expression(unary.operand())
              && text(")");
      case Ast.Binary binary ->
          operation(binary.left(), " " + binary.operator() + " ", binary.right());
      case Ast.Pipe pipe -> operation(pipe.input(), " |> ", pipe.layer());
      case Ast.RangeLiteral range ->
          expression(range.from()) && text("..") && expression(range.to());
      case Ast.ListLiteral list -> list("(", list.elements(), this::expression, ")");
      case Ast.Call call -> call(call);
      case Ast.Index index ->
          expression(index.target()) && list("[", index.subscripts(), this::subscript, "]");
      case Ast.Heads _ -> false;
    };
  }

  private boolean text(String text) {
    out.append(text);
    return out.length() <= limit;
  }

  private boolean operation(Ast.Expression left, String operator, Ast.Expression right) {
    return text("(") && expression(left) && text(operator) && expression(right) && text(")");
  }

  private <T> boolean list(String opener, List<T> elements, Predicate<T> element, String closer) {
    if (!text(opener)) {
      return false;
    }
    String separator = "";
    for (T each : elements) {
      if (!text(separator) || !element.test(each)) {
        return false;
      }
      separator = ", ";
    }
    return text(closer);
  }

  private boolean call(Ast.Call call) {
    return expression(call.callee())
        && list("(", call.arguments(), this::argument, "")
        && (call.over().isEmpty()
            || text(call.arguments().isEmpty() ? "" : " ")
                && list("over (", call.over().get().axes(), this::expression, ")"))
        && (call.where().isEmpty() || text(" where ") && expression(call.where().get()))
        && text(")");
  }

  private boolean argument(Ast.Argument argument) {
    return text(argument.keyword().map(keyword -> keyword + " = ").orElse(""))
        && expression(argument.value());
  }

  private boolean axis(Ast.AxisExpression axis) {
    return switch (axis) {
      case Ast.LeadingAxes _ -> text("...");
      case Ast.SizeAxis size -> expression(size.size());
    };
  }

  private boolean subscript(Ast.Subscript subscript) {
    return switch (subscript) {
      case Ast.At at -> expression(at.position());
      case Ast.LeadingSubscripts _ -> text("...");
      case Ast.Range(Optional<Ast.Expression> from, Optional<Ast.Expression> to, _) ->
          (from.isEmpty() || expression(from.get()))
              && text("..")
              && (to.isEmpty() || expression(to.get()));
    };
  }
}
