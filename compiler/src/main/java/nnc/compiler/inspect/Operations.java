package nnc.compiler.inspect;

import java.util.Collections;
import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.MathFunction;

/** How many operations a formula takes at one place: another reading of what an op says once. */
final class Operations implements Algebra<Integer> {
  /** Of a function that is no instruction: about what the polynomial of exp, tanh or erf takes. */
  static final int FUNCTION = 20;

  private static final Operations INSTANCE = new Operations();

  private Operations() {}

  static int of(Elementwise op) {
    return op.formula(INSTANCE, Collections.nCopies(op.arity(), 0));
  }

  @Override
  public Integer constant(double value) {
    return 0;
  }

  @Override
  public Integer add(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer subtract(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer multiply(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer divide(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer negate(Integer a) {
    return a + 1;
  }

  @Override
  public Integer abs(Integer a) {
    return a + 1;
  }

  @Override
  public Integer min(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer max(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer call(MathFunction function, List<Integer> arguments) {
    return arguments.stream().reduce(function.instruction() ? 1 : FUNCTION, Integer::sum);
  }

  @Override
  public Integer compare(Comparison comparison, Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer and(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer or(Integer a, Integer b) {
    return a + b + 1;
  }

  @Override
  public Integer not(Integer a) {
    return a + 1;
  }

  @Override
  public Integer select(Integer condition, Integer yes, Integer no) {
    return condition + yes + no + 1;
  }

  @Override
  public Integer number(Integer truth) {
    return truth;
  }
}
