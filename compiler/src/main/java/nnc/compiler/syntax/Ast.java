package nnc.compiler.syntax;

import java.util.List;
import java.util.Optional;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;

/** The syntax of a .nn file as immutable values; the parser makes it, and nothing after the parser sees ANTLR. */
public final class Ast {
  private Ast() {}

  /** An identifier where it stands. */
  public record Name(String text, Span span) {
    @Override
    public String toString() {
      return text;
    }
  }

  /** One .nn file. */
  public record File(Source source, List<Import> imports, List<Declaration> declarations) {}

  /** {@code import "layers/mine.nn"}: path is what stands between the quotes. */
  public record Import(String path, Span span) {}

  // ---------------------------------------------------------------- declarations

  /** What stands at the top of a file. {@code doc}: the text of the {@code ///} lines above it, may be empty. */
  public sealed interface Declaration {
    Name name();

    String doc();

    Span span();
  }

  /** {@code model Digits { … }}. */
  public record ModelDeclaration(Name name, String doc, List<Statement> body, Span span)
      implements Declaration {}

  /** {@code layer Dense(units, activation = identity)(x: [..., in]) { … }}. */
  public record LayerDeclaration(
      Name name,
      String doc,
      List<Parameter> configuration,
      List<Parameter> inputs,
      List<Statement> body,
      Span span)
      implements Declaration {}

  /** {@code fn gelu(x) = …} or {@code fn f(x, y = 1) { … }}; with {@code =} the body is one {@link ValueStatement}. */
  public record FunctionDeclaration(
      Name name, String doc, List<Parameter> inputs, List<Statement> body, Span span)
      implements Declaration {}

  /** {@code optimizer Adam(lr = 1e-3) { … }}. */
  public record OptimizerDeclaration(
      Name name, String doc, List<Parameter> configuration, List<Statement> body, Span span)
      implements Declaration {}

  /** {@code train Digits { … }} or {@code train Digits as momentum { … }}; name is the model's. */
  public record TrainDeclaration(
      Name name, Optional<Name> variant, String doc, List<TrainItem> items, Span span)
      implements Declaration {}

  /** {@code generate Translator { … }}; name is the model's. */
  public record GenerateDeclaration(Name name, String doc, List<GenerateItem> items, Span span)
      implements Declaration {}

  /** {@code x}, {@code x: [B, d]}, {@code keep: bool[B, T] = all}, {@code units = 10}. */
  public record Parameter(
      Name name, Optional<TypeExpression> type, Optional<Expression> defaultValue, Span span) {}

  /** {@code f32[B, 64]}, {@code [.., in]} (then element is empty), {@code bool[B, T]}, {@code [...]} leads any axes. */
  public record TypeExpression(Optional<Name> element, List<AxisExpression> axes, Span span) {}

  /** One axis of a declared shape. */
  public sealed interface AxisExpression {
    Span span();
  }

  /** {@code ...}: any number of leading axes. */
  public record LeadingAxes(Span span) implements AxisExpression {}

  /** A size: a name ({@link NameReference}), a number, or an expression of them ({@code hidden + in}). */
  public record SizeAxis(Expression size, Span span) implements AxisExpression {}

  // ---------------------------------------------------------------- statements

  /** What stands inside a body. Which statements are legal where is decided by the elaborator, with a diagnostic. */
  public sealed interface Statement {
    Span span();
  }

  /** {@code dim B = 64}; bounded is true for {@code dim T <= 512}. */
  public record DimStatement(Name name, boolean bounded, Expression size, Span span)
      implements Statement {}

  /** {@code input image: f32[B, 64]}. */
  public record InputStatement(List<Name> names, String doc, TypeExpression type, Span span)
      implements Statement {}

  /** {@code output guess = argmax(logits)}; without {@code =} an existing value is shown under its own name. */
  public record OutputStatement(Name name, String doc, Optional<Expression> value, Span span)
      implements Statement {}

  /** {@code metric accuracy = mean(guess == digit)}. */
  public record MetricStatement(Name name, String doc, Expression value, Span span)
      implements Statement {}

  /** {@code param W, U: [in, units] ~ glorot_uniform if bias}; where the condition is false, the names mean zeros. */
  public record ParamStatement(
      List<Name> names,
      TypeExpression type,
      Optional<Expression> initialiser,
      Optional<Expression> condition,
      Span span)
      implements Statement {}

  /** {@code buffer m: [d] = 0}. */
  public record BufferStatement(List<Name> names, TypeExpression type, Expression value, Span span)
      implements Statement {}

  /** {@code update m = …}: the buffer's next value. */
  public record UpdateStatement(Name name, Expression value, Span span) implements Statement {}

  /** {@code state m, v = 0}, {@code state p: [] = 1} in an optimizer. */
  public record StateStatement(
      List<Name> names, Optional<TypeExpression> type, Expression value, Span span)
      implements Statement {}

  /** {@code start h, c: [B, hidden] = 0} in a recur block. */
  public record StartStatement(
      List<Name> names, Optional<TypeExpression> type, Expression value, Span span)
      implements Statement {}

  /** {@code truncate 20} in a recur block. */
  public record TruncateStatement(Expression steps, Span span) implements Statement {}

  /** {@code x = …}, {@code h, c = cell(x)}, {@code h[t] = …}. */
  public record AssignStatement(List<Target> targets, Expression value, Span span)
      implements Statement {}

  /** {@code x} or {@code h[t]}. */
  public record Target(Name name, Optional<Expression> index, Span span) {}

  /** {@code repeat 6 { … }}. */
  public record RepeatStatement(Expression count, List<Statement> body, Span span)
      implements Statement {}

  /** {@code recur t over T { … }}. */
  public record RecurStatement(Name index, Name axis, List<Statement> body, Span span)
      implements Statement {}

  /** {@code h} or {@code h, c} at the end of a layer: its value. */
  public record ValueStatement(List<Expression> values, Span span) implements Statement {}

  // ---------------------------------------------------------------- training

  public sealed interface TrainItem {
    Span span();
  }

  /**
   * {@code data csv("d.csv") { image = columns(0..63) / 16; hold out 20% }}; {@code eval …} has the same form with
   * evaluation = true. source is the call {@code csv("d.csv")}.
   */
  public record DataItem(
      boolean evaluation,
      Expression source,
      List<ColumnMapping> columns,
      Optional<HoldOut> holdOut,
      Span span)
      implements TrainItem {}

  /** {@code image = columns(0..63) / 16}. */
  public record ColumnMapping(Name input, Expression value, Span span) {}

  /** {@code hold out 20%} or {@code hold out 500}. */
  public record HoldOut(double amount, boolean percent, Span span) {}

  /** {@code optimizer Adam(lr = 1e-3) for embed.*}; pattern is empty for all parameters, else "embed.*". */
  public record OptimizerItem(Expression optimizer, Optional<String> pattern, Span span)
      implements TrainItem {}

  /** {@code freeze embed.*}. */
  public record FreezeItem(String pattern, Span span) implements TrainItem {}

  /** {@code clip norm 5} (byNorm) or {@code clip value 1}. */
  public record ClipItem(boolean byNorm, Expression bound, Span span) implements TrainItem {}

  /** {@code epochs 20}, {@code batch 64}, {@code batch all}, {@code seed 1}: a name and one expression. */
  public record SettingItem(Name name, Expression value, Span span) implements TrainItem {}

  // ---------------------------------------------------------------- generation

  public sealed interface GenerateItem {
    Span span();
  }

  /** {@code feed target_in from logits}. */
  public record FeedItem(Name input, Name value, Span span) implements GenerateItem {}

  /** {@code limit 60}, {@code search beam(4)}, {@code never 0, 1}: a name and expressions. */
  public record GenerateSetting(Name name, List<Expression> values, Span span)
      implements GenerateItem {}

  // ---------------------------------------------------------------- expressions

  public sealed interface Expression {
    Span span();
  }

  /** A number; integer is true when it is written without point and exponent. */
  public record NumberLiteral(double value, boolean integer, Span span) implements Expression {}

  /** {@code "data/digits.csv"}, without its quotes and with escapes resolved. */
  public record TextLiteral(String value, Span span) implements Expression {}

  public record NameReference(String name, Span span) implements Expression {}

  /** {@code enc.W}, {@code h.last}, {@code x.T}. */
  public record Member(Expression target, Name name, Span span) implements Expression {}

  /** operator: {@code - not}. */
  public record Unary(String operator, Expression operand, Span span) implements Expression {}

  /**
   * operator: {@code + - * / ^ @ == != < <= > >= and or}; operatorSpan is where the operator itself stands.
   */
  public record Binary(
      String operator, Expression left, Expression right, Span operatorSpan, Span span)
      implements Expression {}

  /** {@code f(a, k = 2)}, {@code softmax(s over Tk where keep)}. */
  public record Call(
      Expression callee,
      List<Argument> arguments,
      Optional<Axes> over,
      Optional<Expression> where,
      Span span)
      implements Expression {}

  /** {@code x} or {@code lr = 1e-3}. */
  public record Argument(Optional<Name> keyword, Expression value, Span span) {}

  /** What stands after {@code over}: names ({@link NameReference}) and numbers, one or a list in parentheses. */
  public record Axes(List<Expression> axes, Span span) {}

  /** {@code x |> f}. */
  public record Pipe(Expression input, Expression layer, Span span) implements Expression {}

  /** {@code x[.., a..b]}, {@code E[ids]}, {@code h[t-1]}. */
  public record Index(Expression target, List<Subscript> subscripts, Span span)
      implements Expression {}

  public sealed interface Subscript {
    Span span();
  }

  /** A position. */
  public record At(Expression position, Span span) implements Subscript {}

  /** {@code a..b} (b included), {@code a..}, {@code ..b}, {@code ..}. */
  public record Range(Optional<Expression> from, Optional<Expression> to, Span span)
      implements Subscript {}

  /** {@code ...}: every axis that is not named by the subscripts after it. */
  public record LeadingSubscripts(Span span) implements Subscript {}

  /** {@code 0..63} where an argument stands: {@code columns(0..63)}. */
  public record RangeLiteral(Expression from, Expression to, Span span) implements Expression {}

  /** {@code (2, 3)}: a list of numbers or names where a function takes one: {@code reshape(x, (B, 64))}. */
  public record ListLiteral(List<Expression> elements, Span span) implements Expression {}

  /** {@code heads n as k = d / n { … }}. */
  public record Heads(
      Expression count, Name as, Optional<Expression> size, List<Statement> body, Span span)
      implements Expression {}
}
