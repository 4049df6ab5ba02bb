package nnc.runtime;

import java.util.Optional;

/**
 * Where a step met a number that is infinite or NaN.
 *
 * @param value what holds it, by its name in {@link Signature#values}: {@code loss}, {@code grad.dense1.W}; of the parameters
 *     after the update {@code param.dense1.W}
 * @param number the first one that it holds
 * @param kernel the first kernel of the step that wrote such a number; empty if none did, since a parameter or an input held it
 *     before
 */
public record NonFinite(String value, float number, Optional<Signature.Kernel> kernel) {
  static final String LOSS = "loss";
  static final String GRADIENT = "grad.";
  static final String PARAMETER = "param.";

  NonFinite by(Optional<Signature.Kernel> first) {
    return new NonFinite(value, number, first);
  }

  /** The path of the parameter that holds it, or whose gradient does; empty for the loss. */
  public Optional<String> parameter() {
    return value.equals(LOSS) ? Optional.empty() : Optional.of(path(value));
  }

  static String path(String value) {
    return value.substring(value.indexOf('.') + 1);
  }

  public boolean inGradient() {
    return value.startsWith(GRADIENT);
  }
}
