package nnc.compiler.ir;

import java.util.List;

/** Formulas read as double arithmetic; truth is 1 or 0. The interpreter and the constant folder compute with it. */
public class DoubleAlgebra implements Algebra<Double> {
  public static final DoubleAlgebra INSTANCE = new DoubleAlgebra();

  protected DoubleAlgebra() {}

  @Override
  public Double constant(double value) {
    return value;
  }

  @Override
  public Double add(Double a, Double b) {
    return a + b;
  }

  @Override
  public Double subtract(Double a, Double b) {
    return a - b;
  }

  @Override
  public Double multiply(Double a, Double b) {
    return a * b;
  }

  @Override
  public Double divide(Double a, Double b) {
    return a / b;
  }

  @Override
  public Double negate(Double a) {
    return -a;
  }

  @Override
  public Double abs(Double a) {
    return Math.abs(a);
  }

  @Override
  public Double min(Double a, Double b) {
    return Math.min(a, b);
  }

  @Override
  public Double max(Double a, Double b) {
    return Math.max(a, b);
  }

  @Override
  public Double call(MathFunction function, List<Double> arguments) {
    return function.exact().applyAsDouble(arguments.getFirst(), arguments.getLast());
  }

  @Override
  public Double compare(Comparison comparison, Double a, Double b) {
    return truth(comparison.test(a, b));
  }

  @Override
  public Double and(Double a, Double b) {
    return truth(a != 0 && b != 0);
  }

  @Override
  public Double or(Double a, Double b) {
    return truth(a != 0 || b != 0);
  }

  @Override
  public Double not(Double a) {
    return truth(a == 0);
  }

  @Override
  public Double select(Double condition, Double yes, Double no) {
    return condition != 0 ? yes : no;
  }

  @Override
  public Double number(Double truth) {
    return truth;
  }

  private static double truth(boolean holds) {
    return holds ? 1 : 0;
  }
}
