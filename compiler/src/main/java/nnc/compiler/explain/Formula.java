package nnc.compiler.explain;

import java.util.List;
import java.util.stream.Stream;
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
    Name at(String step) {
      return new Name(text, gradient, step, scalar);
    }
  }

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

  /** A function of numbers, or something that is done with whole tensors. */
  record Call(String function, List<Formula> arguments) implements Formula {
    public Call {
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
      case Sum sum -> sum.terms().stream();
      case Product product -> Stream.concat(product.over().stream(), product.under().stream());
      case Power power -> Stream.of(power.base(), power.exponent());
      case Call call -> call.arguments().stream();
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

  /** The names in it. */
  default Stream<Name> names() {
    return this instanceof Name name ? Stream.of(name) : parts().flatMap(Formula::names);
  }

  /** How many names and numbers it has: how long it is to read. */
  default int size() {
    return Math.max(1, parts().mapToInt(Formula::size).sum());
  }
}
