package nnc.runtime;

/** Ids were to be drawn by weights that are no distribution. */
public final class WeightException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  WeightException(String message) {
    super(message);
  }

  private WeightException(String message, WeightException cause) {
    super(message, cause);
    setStackTrace(cause.getStackTrace());
  }

  /** The same, with the place of the model and the formula that drew. */
  WeightException in(Signature.Kernel kernel) {
    return new WeightException(
        kernel.place() + ": " + kernel.formula() + ": " + getMessage(), this);
  }
}
