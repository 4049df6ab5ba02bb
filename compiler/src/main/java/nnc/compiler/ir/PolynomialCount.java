package nnc.compiler.ir;

import java.util.List;

/** Reads a formula only to count the polynomials in it. */
final class PolynomialCount extends DoubleAlgebra {
  private int count;

  int count() {
    return count;
  }

  @Override
  public Double call(MathFunction function, List<Double> arguments) {
    count += function.polynomial() ? 1 : 0;
    return super.call(function, arguments);
  }
}
