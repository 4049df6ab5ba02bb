package nnc.compiler.explain;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Algebra.Comparison;

/** A formula over named values, as {@link FormulaAlgebra} simplifies it and a {@link Notation} writes it. */
public sealed interface Formula {
  /**
   * A value that has a line of its own, or comes from outside.
   *
   * @param gradient whether it is the gradient of the loss by the value of that name
   * @param time the step of a recurrence, {@code t-1}; empty outside of one
   */
  record Name(String text, boolean gradient, String time, boolean scalar) implements Formula {
    /** The mark of a gradient before the last function of the value of that name. */
    static final String BEFORE = "*";

    /** The mark of what a step of a gradient hands back to the step before. */
    static final String HANDED_BACK = "⁺";

    Name at(String step) {
      return new Name(text, gradient, step, scalar);
    }

    boolean isHandedBack() {
      return gradient && text.endsWith(HANDED_BACK);
    }

    boolean isBefore() {
      return gradient && text.endsWith(BEFORE);
    }

    /** The text without its mark. */
    String bare() {
      return isHandedBack() || isBefore() ? text.substring(0, text.length() - 1) : text;
    }
  }

  /** An element's place along an axis: j along the last, i along the one before. */
  record Place(String letter) implements Formula {}

  record Number(double value) implements Formula {}

  /** At least two terms, none of them a sum. */
  record Sum(List<Formula> terms) implements Formula {
    public Sum {
      terms = List.copyOf(terms);
    }
  }

  /** coefficient * over / under, element by element; no factor is a product or a number. */
  record Product(double coefficient, List<Formula> over, List<Formula> under) implements Formula {
    public Product {
      over = List.copyOf(over);
      under = List.copyOf(under);
    }
  }

  record Power(Formula base, Formula exponent) implements Formula {}

  /** A function, element by element. */
  record Call(String function, List<Formula> arguments) implements Formula {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Something that is done with whole tensors. */
  record Whole(String function, List<Formula> arguments) implements Formula {
    public Whole {
      arguments = List.copyOf(arguments);
    }
  }

  /** Rows of a table that ids name. */
  record Lookup(Formula table, Formula ids) implements Formula {}

  /** A product of matrices, or a batch of them; a turned operand is transposed. */
  record Matmul(Formula left, boolean leftTurned, Formula right, boolean rightTurned)
      implements Formula {}

  /** The elements along axes, folded into one: a sum, the largest, the place of the largest. */
  record Fold(String function, String axes, Formula of, boolean scalar) implements Formula {}

  record Relation(Comparison comparison, Formula left, Formula right) implements Formula {}

  /** What holds together: and, or. */
  record Junction(String word, Formula left, Formula right) implements Formula {}

  record Not(Formula condition) implements Formula {}

  record Choice(Formula condition, Formula yes, Formula no) implements Formula {}

  /** 1 where the condition holds, else 0: Iverson's bracket. */
  record Indicator(Formula condition) implements Formula {}

  /** Whether it is one number, so that it needs no sign of element by element products. */
  default boolean isScalar() {
    return switch (this) {
      case Name name -> name.scalar();
      case Number ignored -> true;
      case Place ignored -> false;
      case Whole ignored -> false;
      case Fold fold -> fold.scalar();
      case Matmul ignored -> false;
      case Lookup ignored -> false;
      default -> parts().allMatch(Formula::isScalar);
    };
  }

  /** What it is made of. */
  default Stream<Formula> parts() {
    return switch (this) {
      case Name ignored -> Stream.empty();
      case Number ignored -> Stream.empty();
      case Place ignored -> Stream.empty();
      case Sum sum -> sum.terms().stream();
      case Product product -> Stream.concat(product.over().stream(), product.under().stream());
      case Power power -> Stream.of(power.base(), power.exponent());
      case Call call -> call.arguments().stream();
      case Whole whole -> whole.arguments().stream();
      case Lookup lookup -> Stream.of(lookup.table(), lookup.ids());
      case Matmul matmul -> Stream.of(matmul.left(), matmul.right());
      case Fold fold -> Stream.of(fold.of());
      case Relation relation -> Stream.of(relation.left(), relation.right());
      case Junction junction -> Stream.of(junction.left(), junction.right());
      case Not not -> Stream.of(not.condition());
      case Choice choice -> Stream.of(choice.condition(), choice.yes(), choice.no());
      case Indicator indicator -> Stream.of(indicator.condition());
    };
  }

  /** The same of other parts, simplified anew. */
  default Formula over(UnaryOperator<Formula> other) {
    Algebra<Formula> algebra = FormulaAlgebra.INSTANCE;
    return switch (this) {
      case Name name -> name;
      case Number number -> number;
      case Place place -> place;
      case Sum sum -> sum.terms().stream().map(other).reduce(algebra::add).orElseThrow();
      case Product product ->
          algebra.divide(
              product.over().stream()
                  .map(other)
                  .reduce(new Number(product.coefficient()), algebra::multiply),
              product.under().stream().map(other).reduce(new Number(1), algebra::multiply));
      case Power power -> new Power(other.apply(power.base()), other.apply(power.exponent()));
      case Call call ->
          call.function().equals("abs")
              ? algebra.abs(other.apply(call.arguments().getFirst()))
              : new Call(call.function(), call.arguments().stream().map(other).toList());
      case Whole whole ->
          new Whole(whole.function(), whole.arguments().stream().map(other).toList());
      case Lookup lookup -> new Lookup(other.apply(lookup.table()), other.apply(lookup.ids()));
      case Matmul matmul ->
          new Matmul(
              other.apply(matmul.left()),
              matmul.leftTurned(),
              other.apply(matmul.right()),
              matmul.rightTurned());
      case Fold fold ->
          new Fold(fold.function(), fold.axes(), other.apply(fold.of()), fold.scalar());
      case Relation relation ->
          algebra.compare(
              relation.comparison(), other.apply(relation.left()), other.apply(relation.right()));
      case Junction junction ->
          new Junction(
              junction.word(), other.apply(junction.left()), other.apply(junction.right()));
      case Not not -> algebra.not(other.apply(not.condition()));
      case Choice choice ->
          algebra.select(
              other.apply(choice.condition()), other.apply(choice.yes()), other.apply(choice.no()));
      case Indicator indicator -> algebra.number(other.apply(indicator.condition()));
    };
  }

  /** The names in it. */
  default Stream<Name> names() {
    return this instanceof Name name ? Stream.of(name) : parts().flatMap(Formula::names);
  }

  /** How many names and numbers it has: how long it is to read. */
  default int size() {
    return Math.max(1, parts().mapToInt(Formula::size).sum());
  }
}
