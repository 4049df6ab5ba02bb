package nnc.compiler.ir;

import java.util.List;

/**
 * The arithmetic that formulas of elementwise ops are written in. Truth values are of the same type {@code T}; an
 * algebra knows from where they come how it holds them.
 *
 * @param <T> what stands for a number: a double, a Java expression, a piece of mathematical text
 */
public interface Algebra<T> {
  T constant(double value);

  T add(T a, T b);

  T subtract(T a, T b);

  T multiply(T a, T b);

  T divide(T a, T b);

  T negate(T a);

  T abs(T a);

  T min(T a, T b);

  T max(T a, T b);

  /** A transcendental or rounding function that the runtime offers. */
  T call(MathFunction function, List<T> arguments);

  T compare(Comparison comparison, T a, T b);

  T and(T a, T b);

  T or(T a, T b);

  T not(T a);

  /** {@code yes} where the condition holds, else {@code no}. */
  T select(T condition, T yes, T no);

  /** A truth value as the number 1 or 0. */
  T number(T truth);

  /** The ways to compare. */
  enum Comparison {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<=");

    private final String text;

    Comparison(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public boolean test(double a, double b) {
      return switch (this) {
        case EQUAL -> a == b;
        case NOT_EQUAL -> a != b;
        case LESS -> a < b;
        case LESS_OR_EQUAL -> a <= b;
      };
    }
  }
}
