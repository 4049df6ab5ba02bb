package nnc.compiler.ir;

import java.util.List;

/** An op that takes axes away by folding their elements into one. */
public sealed interface Reduction extends Op permits Sum, Max, ArgMax {
  /** The axes that go, ascending. */
  List<Integer> axes();

  /** The result for the elements that fall together, in the order of their places, in double precision. */
  double of(double[] elements);

  /** The element type of the result. */
  default ElementType element(ElementType input) {
    return input;
  }

  @Override
  default Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    for (int axis : axes()) {
      Op.require(
          axis >= 0 && axis < input.shape().rank(), name() + ": no axis " + axis + " in " + input);
    }
    return new Type(element(input.element()), input.shape().without(axes()));
  }
}
