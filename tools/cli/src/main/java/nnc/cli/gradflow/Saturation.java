package nnc.cli.gradflow;

import java.util.function.DoublePredicate;

/** Where a function is so near to an end of what it can give that its slope is below a tenth of the largest. */
final class Saturation {
  /** 1 - tanh^2 is 0.1 here. */
  private static final double TANH = Math.sqrt(0.9);

  /** The sigmoid, s (1 - s) being 0.025 there, a tenth of 1/4. */
  private static final double SIGMOID = (1 + TANH) / 2;

  private Saturation() {}

  static DoublePredicate of(Tap.Activation activation) {
    return switch (activation) {
      case TANH -> value -> Math.abs(value) > TANH;
      case SIGMOID -> value -> value > SIGMOID || value < 1 - SIGMOID;
      case RELU, OTHER -> value -> false;
    };
  }
}
