package nnc.compiler.syntax;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Prints expressions: short ones on one line with all their parentheses, longer ones as an indented tree. */
final class ExpressionPrinter {
  private static final int SHORT = 72;

  private final StringBuilder out;
  private final BiConsumer<Integer, List<Ast.Statement>> body;

  /** @param body prints the statements of a {@code heads} block at a depth */
  ExpressionPrinter(StringBuilder out, BiConsumer<Integer, List<Ast.Statement>> body) {
    this.out = out;
    this.body = body;
  }

  void line(int depth, String text) {
    out.repeat(' ', 2 * depth).append(text).append('\n');
  }

  /** The expression behind what it is for, or below it. */
  void print(int depth, String role, Ast.Expression expression) {
    Optional<String> inline = InlineExpressions.write(expression, SHORT);
    line(depth, inline.map(text -> role + " " + text).orElse(role));
    if (inline.isEmpty()) {
      tree(depth + 1, expression);
    }
  }

  void print(int depth, Ast.Expression expression) {
    Optional<String> inline = InlineExpressions.write(expression, SHORT);
    if (inline.isPresent()) {
      line(depth, inline.get());
    } else {
      tree(depth, expression);
    }
  }

  private void tree(int depth, Ast.Expression expression) {
    switch (expression) {
      case Ast.NumberLiteral number -> line(depth, InlineExpressions.number(number.value()));
      case Ast.TextLiteral text -> line(depth, InlineExpressions.quoted(text.value()));
      case Ast.NameReference name -> line(depth, name.name());
      case Ast.Member member -> {
        line(depth, "." + member.name());
        print(depth + 1, member.target());
      }
      case Ast.Unary unary -> {
        line(depth, unary.operator());
        print(depth + 1, unary.operand());
      }
      case Ast.Binary binary -> operation(depth, binary.operator(), binary.left(), binary.right());
      case Ast.Pipe pipe -> operation(depth, "|>", pipe.input(), pipe.layer());
      case Ast.Call call -> call(depth, call);
      case Ast.Index index -> {
        line(depth, "index");
        print(depth + 1, index.target());
        index.subscripts().forEach(subscript -> subscript(depth + 1, subscript));
      }
      case Ast.RangeLiteral range -> operation(depth, "..", range.from(), range.to());
      case Ast.ListLiteral list -> {
        line(depth, "list");
        list.elements().forEach(element -> print(depth + 1, element));
      }
      case Ast.Heads heads -> {
        line(depth, "heads as " + heads.as());
        print(depth + 1, "count", heads.count());
        heads.size().ifPresent(size -> print(depth + 1, "size", size));
        body.accept(depth + 1, heads.body());
      }
    }
  }

  private void operation(int depth, String operator, Ast.Expression left, Ast.Expression right) {
    line(depth, operator);
    print(depth + 1, left);
    print(depth + 1, right);
  }

  private void call(int depth, Ast.Call call) {
    boolean named = call.callee() instanceof Ast.NameReference;
    line(depth, named ? "call " + ((Ast.NameReference) call.callee()).name() : "call");
    if (!named) {
      print(depth + 1, "callee", call.callee());
    }
    for (Ast.Argument argument : call.arguments()) {
      argument
          .keyword()
          .ifPresentOrElse(
              keyword -> print(depth + 1, keyword + " =", argument.value()),
              () -> print(depth + 1, argument.value()));
    }
    if (call.over().isPresent()) {
      line(depth + 1, "over");
      call.over().get().axes().forEach(axis -> print(depth + 2, axis));
    }
    call.where().ifPresent(condition -> print(depth + 1, "where", condition));
  }

  private void subscript(int depth, Ast.Subscript subscript) {
    switch (subscript) {
      case Ast.At at -> print(depth, at.position());
      case Ast.LeadingSubscripts _ -> line(depth, "...");
      case Ast.Range(Optional<Ast.Expression> from, Optional<Ast.Expression> to, _) -> {
        line(depth, "range");
        from.ifPresent(value -> print(depth + 1, "from", value));
        to.ifPresent(value -> print(depth + 1, "to", value));
      }
    }
  }
}
