package nnc.runtime;

/** A row was looked up that its table does not have. What is fed is checked before; this is about ids that are computed. */
public final class UnknownRowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnknownRowException(double id, int place, int rows) {
    super(
        "id "
            + place
            + " of those looked up is "
            + (id == (long) id ? Long.toString((long) id) : Double.toString(id))
            + ", expected a whole number from 0 to "
            + (rows - 1));
  }

  private UnknownRowException(String message, UnknownRowException cause) {
    super(message, cause);
  }

  /** The same, with the place of the model and the formula that looked the row up. */
  UnknownRowException in(Signature.Kernel kernel) {
    return new UnknownRowException(
        kernel.place() + ": " + kernel.formula() + ": " + getMessage(), this);
  }
}
