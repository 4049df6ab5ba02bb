package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.Compare;
import nnc.compiler.ir.op.Divide;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Negate;
import nnc.compiler.ir.op.Not;
import nnc.compiler.ir.op.Or;
import nnc.compiler.ir.op.Power;
import nnc.compiler.ir.op.Subtract;
import nnc.compiler.model.Value.Num;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Nearest;
import org.jspecify.annotations.Nullable;

/** Computes what an expression stands for: numbers now, tensors as nodes of the graph. */
final class Expressions {
  private static final int LARGEST_UNROLLED_POWER = 4;

  private final Elaboration elaboration;

  Expressions(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /** One value: of several results the first. */
  Value value(Ast.Expression expression, Scope scope) {
    Value value = results(expression, scope);
    return value instanceof Value.Results several ? several.values().getFirst() : value;
  }

  /** The value, or all results of a call. */
  Value results(Ast.Expression expression, Scope scope) {
    if (!(expression instanceof Ast.NumberLiteral || expression instanceof Ast.NameReference)) {
      elaboration.growth.operation(expression.span());
    }
    return elaboration.builder.at(
        expression.span(),
        () ->
            switch (expression) {
              case Ast.NumberLiteral number -> new Num(number.value(), number.integer());
              case Ast.TextLiteral text -> new Value.Text(text.value());
              case Ast.NameReference name -> named(name, scope);
              case Ast.Member member -> member(member, scope);
              case Ast.Unary unary -> unary(unary, scope);
              case Ast.Binary binary -> binary(binary, scope);
              case Ast.Call call -> elaboration.calls.call(call, scope);
              case Ast.Pipe pipe -> elaboration.calls.pipe(pipe, scope);
              case Ast.Index index -> index(index, scope);
              case Ast.RangeLiteral range ->
                  new Value.Range(value(range.from(), scope), value(range.to(), scope));
              case Ast.ListLiteral list -> new Value.Several(values(list.elements(), scope));
              case Ast.Heads heads -> HeadsBlock.elaborate(elaboration, heads, scope);
            });
  }

  /** The values of several expressions, or the errors of all. */
  List<Value> values(List<Ast.Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>();
    Problem.Parts parts = new Problem.Parts();
    expressions.forEach(each -> parts.attempt(() -> values.add(value(each, scope))));
    parts.finish();
    return values;
  }

  TensorValue tensor(Ast.Expression expression, Scope scope) {
    return elaboration.tensors.tensor(value(expression, scope), expression.span());
  }

  static Value named(Ast.NameReference name, Scope scope) {
    Optional<Value> value = scope.value(name.name());
    if (value.isEmpty()) {
      Diagnostic unknown =
          Diagnostic.at(name.span(), "name", "the name '" + name.name() + "' is not known here");
      throw Problem.of(
          scope
              .hint(name.name())
              .or(() ->
                  Nearest.to(name.name(), scope.visible())
                      .map(near -> "did you mean '" + near + "'?"))
              .map(unknown::help)
              .orElse(unknown));
    }
    if (value.get() instanceof Value.Broken) {
      throw Problem.told();
    }
    return value.get();
  }

  private Value member(Ast.Member member, Scope scope) {
    Value target = value(member.target(), scope);
    String name = member.name().text();
    return switch (target) {
      case TensorValue tensor when name.equals("last") || name.equals("first") ->
          end(tensor, name.equals("last"), member.span());
      case TensorValue tensor when name.equals("T") -> transposed(tensor, member.span());
      case Value.Instance instance -> elaboration.calls.member(instance, member);
      case Value.Broken ignored -> throw Problem.told();
      default ->
          throw Problem.of(
              Diagnostic.at(member.name().span(), "name", "there is no '." + name + "' here")
                  .label(member.target().span(), target.described())
                  .help(
                      target instanceof TensorValue
                          ? "a tensor has .T, its last two axes swapped"
                          : "parameters are members of bound instances of layers"));
    };
  }

  /** The first or last place of the axis of time, which stands behind the batch. */
  private static TensorValue end(TensorValue tensor, boolean last, Span span) {
    if (tensor.axes().isEmpty()) {
      throw Problem.of(
          Diagnostic.at(span, "shape", "a number has neither a first nor a last step"));
    }
    int axis = tensor.axes().size() == 1 ? 0 : 1;
    int place = last ? known(tensor, axis, span) - 1 : 0;
    List<@Nullable String> names = new ArrayList<>(tensor.axes());
    names.remove(axis);
    Node part = slice(tensor.node(), axis, place, place);
    return new TensorValue(part.reshape(part.shape().without(List.of(axis))), names);
  }

  private static TensorValue transposed(TensorValue tensor, Span span) {
    int rank = tensor.axes().size();
    if (rank < 2) {
      throw Problem.of(
          Diagnostic.at(span, "shape", "'.T' swaps the last two axes")
              .note("found " + tensor.described()));
    }
    List<Integer> order = new ArrayList<>(Tensors.allAxes(rank));
    order.set(rank - 1, rank - 2);
    order.set(rank - 2, rank - 1);
    return ShapeFunctions.permuted(tensor, order);
  }

  private Value unary(Ast.Unary unary, Scope scope) {
    Value operand = value(unary.operand(), scope);
    boolean minus = unary.operator().equals("-");
    if (operand instanceof Num number) {
      return minus
          ? new Num(-number.value(), number.integer())
          : new Num(number.value() == 0 ? 1 : 0, true);
    }
    Tensors tensors = elaboration.tensors;
    TensorValue tensor = tensors.tensor(operand, unary.operand().span());
    return minus
        ? new TensorValue(tensors.number(tensor).node().apply(new Negate()), tensor.axes())
        : new TensorValue(
            ElementwiseFunctions.truth(tensors, tensor).node().apply(new Not()), tensor.axes());
  }

  private Value binary(Ast.Binary binary, Scope scope) {
    List<Value> operands = values(List.of(binary.left(), binary.right()), scope);
    Value left = operands.getFirst();
    Value right = operands.getLast();
    if (left instanceof Value.Time time && right instanceof Num steps && steps.integer()) {
      switch (binary.operator()) {
        case "+" -> {
          return new Value.Time(time.block(), time.offset() + (int) steps.value());
        }
        case "-" -> {
          return new Value.Time(time.block(), time.offset() - (int) steps.value());
        }
        default -> {}
      }
    }
    if (left instanceof Value.None || right instanceof Value.None) {
      return compareToNone(binary, left, right);
    }
    if (left instanceof Value.Text || right instanceof Value.Text) {
      return compareTexts(binary, left, right);
    }
    if (left instanceof Num a && right instanceof Num b && !binary.operator().equals("@")) {
      return numbers(binary, a, b);
    }
    if (binary.operator().equals("*") && sizeLike(left) && sizeLike(right)) {
      return Scope.ofSize(
          Shapes.size(left, binary.left().span()).times(Shapes.size(right, binary.right().span())));
    }
    Tensors tensors = elaboration.tensors;
    TensorValue a = tensors.tensor(left, binary.left().span());
    TensorValue b = tensors.tensor(right, binary.right().span());
    Span span = binary.operatorSpan();
    List<Span> places = List.of(binary.left().span(), binary.right().span());
    return switch (binary.operator()) {
      case "+" -> arithmetic(new Add(), a, b, span, places);
      case "-" -> arithmetic(new Subtract(), a, b, span, places);
      case "*" -> arithmetic(new Multiply(), a, b, span, places);
      case "/" -> arithmetic(new Divide(), a, b, span, places);
      case "^" -> power(a, b, span, places);
      case "@" ->
          tensors.matmul(tensors.number(a), tensors.number(b), span, places.get(0), places.get(1));
      case "==" -> arithmetic(new Compare(Comparison.EQUAL), a, b, span, places);
      case "!=" -> arithmetic(new Compare(Comparison.NOT_EQUAL), a, b, span, places);
      case "<" -> arithmetic(new Compare(Comparison.LESS), a, b, span, places);
      case "<=" -> arithmetic(new Compare(Comparison.LESS_OR_EQUAL), a, b, span, places);
      case ">" -> arithmetic(new Compare(Comparison.LESS), b, a, span, places.reversed());
      case ">=" -> arithmetic(new Compare(Comparison.LESS_OR_EQUAL), b, a, span, places.reversed());
      case "and" -> tensors.operator(new And(), truths(a, b), span, places);
      case "or" -> tensors.operator(new Or(), truths(a, b), span, places);
      default -> throw new IllegalStateException("parser: operator " + binary.operator());
    };
  }

  private List<TensorValue> truths(TensorValue a, TensorValue b) {
    return List.of(
        ElementwiseFunctions.truth(elaboration.tensors, a),
        ElementwiseFunctions.truth(elaboration.tensors, b));
  }

  private TensorValue arithmetic(
      Elementwise op, TensorValue a, TensorValue b, Span span, List<Span> places) {
    Tensors tensors = elaboration.tensors;
    return tensors.operator(op, List.of(tensors.number(a), tensors.number(b)), span, places);
  }

  private static boolean sizeLike(Value value) {
    return value instanceof Value.RunTimeSize
        || value instanceof Num number && number.value() >= 1 && number.integer();
  }

  /** A text equals the same text, and nothing else. */
  private static Value compareTexts(Ast.Binary binary, Value left, Value right) {
    return switch (binary.operator()) {
      case "==" -> truth(left.equals(right));
      case "!=" -> truth(!left.equals(right));
      default -> throw Problem.at(binary.span(), "type", "texts can only be compared");
    };
  }

  /** Nothing equals none but none. */
  private static Value compareToNone(Ast.Binary binary, Value left, Value right) {
    boolean same = left instanceof Value.None && right instanceof Value.None;
    return switch (binary.operator()) {
      case "==" -> new Num(same ? 1 : 0, true);
      case "!=" -> new Num(same ? 0 : 1, true);
      default -> throw Problem.at(binary.span(), "type", "'none' has no value to compute with");
    };
  }

  private static Value numbers(Ast.Binary binary, Num a, Num b) {
    double x = a.value();
    double y = b.value();
    boolean whole = a.integer() && b.integer();
    return switch (binary.operator()) {
      case "+" -> new Num(x + y, whole);
      case "-" -> new Num(x - y, whole);
      case "*" -> new Num(x * y, whole);
      case "/" -> new Num(x / y, whole && x / y == Math.rint(x / y));
      case "^" -> new Num(Math.pow(x, y), whole && y >= 0);
      case "==" -> truth(x == y);
      case "!=" -> truth(x != y);
      case "<" -> truth(x < y);
      case "<=" -> truth(x <= y);
      case ">" -> truth(x > y);
      case ">=" -> truth(x >= y);
      case "and" -> truth(x != 0 && y != 0);
      case "or" -> truth(x != 0 || y != 0);
      default -> throw new IllegalStateException("parser: operator " + binary.operator());
    };
  }

  private static Num truth(boolean holds) {
    return new Num(holds ? 1 : 0, true);
  }

  /** Small whole powers are products; others go through the logarithm's inverse. */
  private TensorValue power(TensorValue base, TensorValue exponent, Span span, List<Span> places) {
    Optional<Double> known =
        exponent.axes().isEmpty() ? exponent.node().constantValue() : Optional.empty();
    if (known.isPresent()
        && known.get() == Math.rint(known.get())
        && known.get() >= 1
        && known.get() <= LARGEST_UNROLLED_POWER) {
      Node x = elaboration.tensors.number(base).node();
      Node product = x;
      for (int i = 1; i < known.get(); i++) {
        product = product.times(x);
      }
      return new TensorValue(product, base.axes());
    }
    return arithmetic(new Power(), base, exponent, span, places);
  }

  /** x[2], x[.., 0..3], x[..., 0]: positions and ranges of axes whose size is known; x[ids]: rows. */
  private Value index(Ast.Index index, Scope scope) {
    if (index.subscripts().size() == 1
        && index.subscripts().getFirst() instanceof Ast.At at
        && mayBeTime(at.position(), scope)
        && value(at.position(), scope) instanceof Value.Time time) {
      return time.block().read(index, time, scope);
    }
    TensorValue x = tensor(index.target(), scope);
    List<Ast.Subscript> subscripts = index.subscripts();
    boolean leading =
        !subscripts.isEmpty() && subscripts.getFirst() instanceof Ast.LeadingSubscripts;
    List<Ast.Subscript> own = leading ? subscripts.subList(1, subscripts.size()) : subscripts;
    int rank = x.axes().size();
    if (own.size() > rank) {
      throw Problem.of(
          Diagnostic.at(
                  index.span(),
                  "shape",
                  own.size() + " subscripts for a tensor of " + rank + " axes")
              .label(index.target().span(), x.shapeText()));
    }
    int first = leading ? rank - own.size() : 0;
    Node node = x.node();
    List<@Nullable String> names = new ArrayList<>(x.axes());
    List<Integer> gone = new ArrayList<>();
    Optional<TensorValue> ids = Optional.empty();
    for (int i = 0; i < own.size(); i++) {
      int axis = first + i;
      switch (own.get(i)) {
        case Ast.At at -> {
          Value value = value(at.position(), scope);
          if (value instanceof TensorValue rows) {
            RowLookup.requireIds(rows, axis, at.position().span());
            ids = Optional.of(rows);
            continue;
          }
          int position = position(value, at.position().span(), x, axis);
          node = slice(node, axis, position, position);
          gone.add(axis);
        }
        case Ast.Range range when range.from().isEmpty() && range.to().isEmpty() -> {}
        case Ast.Range range -> {
          int from = range.from().isPresent() ? position(range.from().get(), x, axis, scope) : 0;
          int to =
              range.to().isPresent()
                  ? position(range.to().get(), x, axis, scope)
                  : known(x, axis, range.span()) - 1;
          if (to < from) {
            throw Problem.at(
                range.span(), "index", "this range holds nothing: " + from + ".." + to);
          }
          node = slice(node, axis, from, to);
          names.set(axis, null);
        }
        case Ast.LeadingSubscripts misplaced ->
            throw Problem.at(misplaced.span(), "index", "'...' stands before all other subscripts");
      }
    }
    Shape kept = node.shape().without(gone);
    gone.reversed().forEach(axis -> names.remove((int) axis));
    TensorValue sliced = new TensorValue(node.reshape(kept), names);
    return ids.isPresent() ? RowLookup.of(elaboration, sliced, ids.get()) : sliced;
  }

  /** {@code t}, or a sum that begins with it. */
  private static boolean mayBeTime(Ast.Expression position, Scope scope) {
    return switch (position) {
      case Ast.NameReference name ->
          scope.value(name.name()).filter(Value.Time.class::isInstance).isPresent();
      case Ast.Binary binary -> mayBeTime(binary.left(), scope);
      default -> false;
    };
  }

  private static Node slice(Node node, int axis, int from, int to) {
    return from == 0 && to + 1 == node.shape().size(axis).constant()
        ? node
        : node.builder().add(new Slice(axis, from, to - from + 1), node);
  }

  private static int known(TensorValue x, int axis, Span span) {
    if (!x.node().shape().size(axis).isConstant()) {
      throw Problem.at(
          span,
          "index",
          "axis " + axis + " of " + x.shapeText() + " has no size that is known before running");
    }
    return x.node().shape().size(axis).constant();
  }

  private int position(Ast.Expression expression, TensorValue x, int axis, Scope scope) {
    return position(value(expression, scope), expression.span(), x, axis);
  }

  private static int position(Value value, Span span, TensorValue x, int axis) {
    int size = known(x, axis, span);
    if (!(value instanceof Num number) || number.value() != Math.rint(number.value())) {
      throw Problem.of(
          Diagnostic.at(span, "index", "a position was expected here")
              .note("found " + value.described()));
    }
    if (number.value() < -size || number.value() >= size) {
      throw Problem.of(
          Diagnostic.at(
                  span,
                  "index",
                  "position " + Constant.text(number.value()) + " is outside of axis " + axis)
              .note("the axis has " + size + " places, 0 to " + (size - 1)));
    }
    return (int) (number.value() < 0 ? number.value() + size : number.value());
  }
}
