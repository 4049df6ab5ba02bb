package nnc.compiler.ir;

import java.util.List;

/**
 * A value of a {@link Recur}'s body at all steps, in the order of time: its input is the recurrence, its first axis time.
 *
 * @param value its number among the body's nodes
 * @param type the value's at one step, with the axis of time in front
 */
public record Result(int value, Type type) implements Structured {
  @Override
  public String name() {
    return "result";
  }

  @Override
  public Type infer(List<Type> inputs) {
    return type;
  }

  @Override
  public String toString() {
    return "result " + value;
  }
}
