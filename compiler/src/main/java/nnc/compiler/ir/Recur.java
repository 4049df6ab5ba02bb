package nnc.compiler.ir;

import java.util.List;

/**
 * Equations over time: a body that runs once for each of {@code length} steps and hands its states on from one step to the
 * next. Its inputs are the states' first values, then the sequences of which each step sees its own part (the axis of time
 * stands first), then the values that every step sees whole. What it computes is read through {@link Result}s.
 *
 * @param reverse whether it runs from the last step to the first
 * @param next for each state, the number of the body's node that is its value after a step
 * @param sequences how many of the inputs are sequences
 * @param truncate the gradient flows through at most so many steps; 0 for all
 */
public record Recur(
    int length, boolean reverse, Body body, List<Integer> next, int sequences, int truncate)
    implements Structured {
  public Recur {
    next = List.copyOf(next);
    Op.require(length >= 1, "recur: at least one step, not " + length);
  }

  @Override
  public String name() {
    return "recur";
  }

  public int states() {
    return next.size();
  }

  /** The input that a slot of the body stands for. */
  public int input(Slot slot) {
    return switch (slot.role()) {
      case PREVIOUS -> slot.number();
      case STEP -> states() + slot.number();
      case WHOLE -> states() + sequences + slot.number();
    };
  }

  /** Nothing can be read from a recurrence itself; its type stands for none. */
  @Override
  public Type infer(List<Type> inputs) {
    for (Node node : body.nodes()) {
      if (node.op() instanceof Slot slot) {
        Type outer = inputs.get(input(slot));
        Type expected = slot.role() == Slot.Role.STEP ? stacked(slot.type()) : slot.type();
        Op.require(
            expected.shape().equals(outer.shape())
                && (expected.element() == ElementType.BOOL)
                    == (outer.element() == ElementType.BOOL),
            "recur: " + slot + " is " + expected + ", was given " + outer);
      }
    }
    for (int state = 0; state < states(); state++) {
      Op.require(
          body.node(next.get(state)).shape().equals(inputs.get(state).shape()),
          "recur: state " + state + " keeps its shape");
    }
    return Type.f32(Shape.SCALAR);
  }

  /** The type of a value of the body at all steps. */
  public Type stacked(Type step) {
    return step.with(step.shape().under(Size.of(length)));
  }

  @Override
  public String toString() {
    return "recur " + length + (reverse ? " steps back" : " steps");
  }
}
