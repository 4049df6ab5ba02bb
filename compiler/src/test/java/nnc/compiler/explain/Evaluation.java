package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import nnc.compiler.ir.DoubleAlgebra;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Tensor;

/**
 * Computes what the lines of a derivation say, as a reader would: from inputs and parameters to the gradients. A vector is
 * put beside a matrix along the axis of its size, so all sizes of a model that is tried are different.
 */
final class Evaluation {
  private final Map<String, Integer> extents;
  private final Map<Formula.Name, Tensor> values = new HashMap<>();
  private int t;

  /**
   * @param extents the sizes of dims
   * @param given inputs and parameters by name
   */
  Evaluation(Map<String, Integer> extents, Map<String, Tensor> given) {
    this.extents = extents;
    given.forEach((name, value) -> values.put(key(name, false, ""), value));
    extents.forEach((name, size) -> values.put(key(name, false, ""), Tensor.scalar(size)));
  }

  private static Formula.Name key(String text, boolean gradient, String time) {
    return new Formula.Name(text, gradient, time, false);
  }

  /** Computes all lines in their order. */
  void run(List<Line> lines) {
    run(lines, 0, lines.size());
  }

  private void run(List<Line> lines, int from, int to) {
    for (int i = from; i < to; i++) {
      switch (lines.get(i)) {
        case Line.Equation equation -> {
          Tensor value = of(equation.right());
          equation.whole().ifPresent(whole -> requireClose(of(whole), value, equation));
          Formula.Name left = equation.left();
          values.put(
              key(left.text(), left.gradient(), left.time().isEmpty() ? "" : "" + step(left)),
              value);
        }
        case Line.Steps steps -> {
          int end = i + 1;
          while (end < to && lines.get(end).depth() > steps.depth()) {
            end++;
          }
          int by = steps.first() <= steps.last() ? 1 : -1;
          for (t = steps.first(); t != steps.last() + by; t += by) {
            run(lines, i + 1, end);
          }
          i = end - 1;
        }
        case Line.Jacobian ignored -> {}
        case Line.Unrolled ignored -> {}
        case Line.Remark ignored -> {}
      }
    }
  }

  private static void requireClose(Tensor a, Tensor b, Line.Equation line) {
    for (int i = 0; i < a.values().length; i++) {
      if (Math.abs(a.values()[i] - b.values()[i]) > 1e-9) {
        throw new AssertionError(line + ": " + a.values()[i] + ", " + b.values()[i]);
      }
    }
  }

  private int step(Formula.Name name) {
    String time = name.time();
    return Character.isDigit(time.charAt(0))
        ? Integer.parseInt(time)
        : t + (time.length() == 1 ? 0 : Integer.parseInt(time.substring(1)));
  }

  Tensor of(Formula formula) {
    return switch (formula) {
      case Formula.Name name -> named(name);
      case Formula.Number number -> Tensor.scalar(number.value());
      case Formula.Place ignored -> throw unknown(formula);
      case Formula.Sum sum ->
          sum.terms().stream()
              .map(this::of)
              .reduce((a, b) -> each(a, b, Double::sum))
              .orElseThrow();
      case Formula.Product product -> {
        Tensor over =
            product.over().stream()
                .map(this::of)
                .reduce(
                    Tensor.scalar(product.coefficient()), (a, b) -> each(a, b, (x, y) -> x * y));
        yield product.under().stream()
            .map(this::of)
            .reduce(over, (a, b) -> each(a, b, (x, y) -> x / y));
      }
      case Formula.Power power -> each(of(power.base()), of(power.exponent()), Math::pow);
      case Formula.Call call -> call(call);
      case Formula.Whole ignored -> throw unknown(formula);
      case Formula.Lookup ignored -> throw unknown(formula);
      case Formula.Matmul product ->
          product(
              turned(of(product.left()), product.leftTurned()),
              turned(of(product.right()), product.rightTurned()));
      case Formula.Fold fold -> fold(fold);
      case Formula.Relation relation ->
          each(
              of(relation.left()),
              of(relation.right()),
              (a, b) -> relation.comparison().test(a, b) ? 1 : 0);
      case Formula.Junction junction ->
          each(
              of(junction.left()),
              of(junction.right()),
              junction.word().equals("and") ? Math::min : Math::max);
      case Formula.Not not -> each(of(not.condition()), a -> 1 - a);
      case Formula.Choice choice -> {
        Tensor condition = of(choice.condition());
        Tensor yes = each(condition, of(choice.yes()), (c, a) -> c == 0 ? 0 : a);
        Tensor no = each(condition, of(choice.no()), (c, a) -> c == 0 ? a : 0);
        yield each(yes, no, Double::sum);
      }
      case Formula.Indicator indicator -> of(indicator.condition());
    };
  }

  private static IllegalArgumentException unknown(Formula formula) {
    return new IllegalArgumentException("no value for " + Notation.TEXT.write(formula));
  }

  /** A value; of a sequence, which has time along its second axis, the part of a step. */
  private Tensor named(Formula.Name name) {
    if (name.time().isEmpty()) {
      Tensor value = values.get(key(name.text(), name.gradient(), ""));
      if (value == null) {
        throw unknown(name);
      }
      return value;
    }
    int step = step(name);
    Tensor value = values.get(key(name.text(), name.gradient(), "" + step));
    return value != null ? value : part(named(name.at("")), step - 1);
  }

  private static Tensor part(Tensor sequence, int place) {
    int[] shape = sequence.shape();
    int width = shape[2];
    Tensor part = Tensor.zeros(shape[0], width);
    for (int row = 0; row < shape[0]; row++) {
      System.arraycopy(
          sequence.values(), (row * shape[1] + place) * width, part.values(), row * width, width);
    }
    return part;
  }

  private Tensor call(Formula.Call call) {
    List<Tensor> arguments = call.arguments().stream().map(this::of).toList();
    return switch (call.function()) {
      case "exp" -> each(arguments.getFirst(), Math::exp);
      case "log" -> each(arguments.getFirst(), Math::log);
      case "log1p" -> each(arguments.getFirst(), Math::log1p);
      case "tanh" -> each(arguments.getFirst(), Math::tanh);
      case "abs" -> each(arguments.getFirst(), Math::abs);
      case "sigmoid" -> each(arguments.getFirst(), a -> 1 / (1 + Math.exp(-a)));
      case "max" -> each(arguments.get(0), arguments.get(1), DoubleAlgebra.INSTANCE::max);
      default -> throw unknown(call);
    };
  }

  // ------------------------------------------------------------ tensors

  private static Tensor each(Tensor a, DoubleUnaryOperator function) {
    return new Tensor(a.shape(), Arrays.stream(a.values()).map(function).toArray());
  }

  /** Element by element, each operand repeated along the axes that it does not have. */
  private static Tensor each(Tensor a, Tensor b, DoubleBinaryOperator function) {
    int[] shape = a.shape().length >= b.shape().length ? a.shape() : b.shape();
    Tensor result = Tensor.zeros(shape);
    for (int place = 0; place < result.values().length; place++) {
      result.values()[place] =
          function.applyAsDouble(a.values()[at(a, shape, place)], b.values()[at(b, shape, place)]);
    }
    return result;
  }

  /** Where a tensor has the element that a place of a larger shape shows. */
  private static int at(Tensor tensor, int[] shape, int place) {
    if (Arrays.equals(tensor.shape(), shape)) {
      return place;
    }
    int at = 0;
    int rest = place;
    int stride = 1;
    int[] index = new int[shape.length];
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    for (int axis = tensor.shape().length - 1; axis >= 0; axis--) {
      int size = tensor.shape()[axis];
      int same =
          IntStream.range(0, shape.length).filter(i -> shape[i] == size).findFirst().orElseThrow();
      at += index[same] * stride;
      stride *= size;
    }
    return at;
  }

  private static Tensor turned(Tensor tensor, boolean turned) {
    if (!turned || tensor.shape().length < 2) {
      return tensor;
    }
    int rows = tensor.shape()[0];
    int columns = tensor.shape()[1];
    Tensor result = Tensor.zeros(columns, rows);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result.values()[j * rows + i] = tensor.values()[i * columns + j];
      }
    }
    return result;
  }

  /** A first state that is 0 has no size. */
  private static Tensor product(Tensor a, Tensor b) {
    if (a.shape().length == 0 || b.shape().length == 0) {
      return each(Tensor.scalar(0), Tensor.scalar(0), Double::sum);
    }
    int inner = a.shape()[a.shape().length - 1];
    if (b.shape()[0] != inner) {
      throw new IllegalArgumentException(
          "no product of " + Arrays.toString(a.shape()) + " and " + Arrays.toString(b.shape()));
    }
    int rows = a.values().length / inner;
    int columns = b.values().length / inner;
    List<Integer> shape = new ArrayList<>();
    Arrays.stream(a.shape()).limit(a.shape().length - 1).forEach(shape::add);
    Arrays.stream(b.shape()).skip(1).forEach(shape::add);
    Tensor result = Tensor.zeros(shape.stream().mapToInt(Integer::intValue).toArray());
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < inner; k++) {
          result.values()[i * columns + j] +=
              a.values()[i * inner + k] * b.values()[k * columns + j];
        }
      }
    }
    return result;
  }

  private Tensor fold(Formula.Fold fold) {
    if (fold.axes().equals("t")) {
      int last = Known.in(extents, "T");
      Tensor sum = Tensor.scalar(0);
      for (t = 1; t <= last; t++) {
        sum = each(sum, of(fold.of()), Double::sum);
      }
      return sum;
    }
    Tensor value = of(fold.of());
    if (fold.axes().equals("row")) {
      return reduced(value, fold.function(), value.shape().length - 1);
    }
    for (String size : fold.axes().split(",")) {
      int wanted = extents.containsKey(size) ? Known.in(extents, size) : Integer.parseInt(size);
      int[] shape = value.shape();
      int axis =
          IntStream.range(0, shape.length)
              .filter(i -> shape[i] == wanted)
              .findFirst()
              .orElseThrow(() -> unknown(fold));
      value = reduced(value, fold.function(), axis);
    }
    return value;
  }

  private static Tensor reduced(Tensor value, String function, int axis) {
    int[] shape = value.shape();
    int inner = Arrays.stream(shape).skip(axis + 1L).reduce(1, (a, b) -> a * b);
    int outer = Arrays.stream(shape).limit(axis).reduce(1, (a, b) -> a * b);
    Tensor result =
        Tensor.zeros(
            IntStream.range(0, shape.length).filter(i -> i != axis).map(i -> shape[i]).toArray());
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < inner; j++) {
        double folded = function.equals("sum") ? 0 : Double.NEGATIVE_INFINITY;
        for (int k = 0; k < shape[axis]; k++) {
          double element = value.values()[(i * shape[axis] + k) * inner + j];
          folded = function.equals("sum") ? folded + element : Math.max(folded, element);
        }
        result.values()[i * inner + j] = folded;
      }
    }
    return result;
  }
}
