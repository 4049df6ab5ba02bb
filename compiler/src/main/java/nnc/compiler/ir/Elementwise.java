package nnc.compiler.ir;

import java.util.List;

/**
 * An op whose result at a place depends on its inputs at the same place alone. All inputs have the result's shape. This
 * kind is open: an op states its formula once, and the interpreter, the constant folder, the vector and scalar loops and
 * the mathematical text are readings of it.
 */
public non-sealed interface Elementwise extends Op {
  int arity();

  /** The formula, over whatever numbers the algebra computes with. */
  <T> T formula(Algebra<T> algebra, List<T> inputs);

  /** The element type of the result: a number unless the op says otherwise. */
  default ElementType element(List<ElementType> inputs) {
    return ElementType.F32;
  }

  @Override
  default Type infer(List<Type> inputs) {
    Op.require(
        inputs.size() == arity(),
        name() + " has " + arity() + " inputs, was given " + inputs.size());
    Shape shape = inputs.getFirst().shape();
    if (!inputs.stream().allMatch(input -> input.shape().equals(shape))) {
      throw new IllegalArgumentException("op: " + name() + ": inputs of one shape, not " + inputs);
    }
    return new Type(element(inputs.stream().map(Type::element).toList()), shape);
  }
}
