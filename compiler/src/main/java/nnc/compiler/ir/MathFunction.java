package nnc.compiler.ir;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of the runtime's mathematics, {@code nnc.runtime.ScalarMath} and {@code VectorMath}.
 *
 * @param name its name there and in formulas
 * @param arity one or two
 * @param exact its value in double precision; one argument ignores the second
 * @param instruction whether vectors have it as an operation of their own; others are called on whole rows
 */
public record MathFunction(
    String name, int arity, DoubleBinaryOperator exact, boolean instruction) {
  public static MathFunction unary(String name, DoubleUnaryOperator exact) {
    return new MathFunction(name, 1, (x, ignored) -> exact.applyAsDouble(x), false);
  }

  public static MathFunction instruction(String name, DoubleUnaryOperator exact) {
    return new MathFunction(name, 1, (x, ignored) -> exact.applyAsDouble(x), true);
  }

  public static MathFunction binary(String name, DoubleBinaryOperator exact) {
    return new MathFunction(name, 2, exact, false);
  }
}
