package nnc.cli.gradflow;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is seen of a model at one moment of its training.
 *
 * @param step how many steps have been made before
 * @param loss of the batch that is looked at
 * @param values in the order of the model
 * @param edges from a value to one that is computed from it, with none in between: places in {@code values}
 */
record Flow(
    long step,
    double loss,
    List<Value> values,
    List<Edge> edges,
    List<Weights> weights,
    List<Through> loops) {

  record Edge(int from, int to) {}

  /**
   * The output of a layer, or a named value.
   *
   * @param depth 1 for what the model itself names
   * @param gate whether it is a sigmoid at each step of a recurrence, which is open or shut
   * @param size root of the mean square of its elements
   * @param gradient norm of the loss's gradient by it, over the whole batch
   * @param ratio that norm by the one of the value that is computed from it; of several the largest; NaN where there is none
   * @param zeros the share of elements that are 0
   * @param dead the share of units that are 0 in all rows
   * @param saturated the share of elements near the ends of what the function can give
   */
  record Value(
      String name,
      String shape,
      int depth,
      Tap.Activation activation,
      boolean gate,
      double size,
      double gradient,
      double ratio,
      double zeros,
      double dead,
      double saturated) {}

  /**
   * A parameter.
   *
   * @param size root of the mean square of its elements
   * @param gradient norm of its gradient, before any clipping
   * @param update norm of what the next step adds to it by that of the parameter
   */
  record Weights(String path, String shape, double size, double gradient, double update) {}

  /**
   * A recurrence.
   *
   * @param name its layer, or where it is
   * @param layer empty if the model's own text has it
   * @param gated whether it computes sigmoids at each step
   */
  record Through(
      String name, Optional<String> layer, boolean gated, boolean reverse, List<State> states) {
    int steps() {
      return states.getFirst().size().length;
    }

    /** Of all states, at each distance from the last step, what is left of the gradient that comes in there. */
    double[] left() {
      return IntStream.range(0, steps())
          .mapToDouble(back ->
              states.stream()
                  .mapToDouble(state -> state.left()[back])
                  .filter(left -> !Double.isNaN(left))
                  .max()
                  .orElse(Double.NaN))
          .toArray();
    }
  }

  /**
   * What a recurrence hands from step to step.
   *
   * @param size root of the mean square at each step
   * @param gradient norm of the loss's gradient by it at each step, all ways included
   * @param left at each number of steps back from the last at which the loss reads it, the norm of the gradient that comes in
   *     there alone; NaN where that is not known
   */
  record State(String name, String shape, double[] size, double[] gradient, double[] left) {}
}
