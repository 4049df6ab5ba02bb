package nnc.compiler.ir;

import java.util.List;

/** An elementwise op that is a function of the runtime's mathematics, and nothing else. */
public interface MathOp extends Elementwise {
  MathFunction function();

  @Override
  default String name() {
    return function().name();
  }

  @Override
  default int arity() {
    return function().arity();
  }

  @Override
  default <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.call(function(), inputs);
  }
}
