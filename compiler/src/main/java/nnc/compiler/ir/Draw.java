package nnc.compiler.ir;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws of a categorical distribution by inversion: of weights [n] and numbers […] from [0, 1) the ids […] at which the running
 * sum of the weights passes that share of their total.
 */
public record Draw() implements RowOp {
  @Override
  public String name() {
    return "draw";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Op.require(
        inputs.size() == 2 && inputs.get(0).shape().rank() == 1,
        "draw: a row of weights and numbers, not " + inputs);
    return new Type(ElementType.I32, inputs.get(1).shape());
  }

  /** An id does not move with the weights: nothing flows. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return Arrays.asList(null, null);
  }

  @Override
  public String toString() {
    return name();
  }
}
