package nnc.runtime;

/** The scores of the symbol to follow are not finite numbers: no symbol can be chosen by them. */
public final class ScoresException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  ScoresException(String model, double found) {
    super(
        "the scores of the next symbol are not finite: the model '"
            + model
            + "' computes "
            + found);
  }

  /** What whoever has the model may do. */
  public String help() {
    return "look at the parameters that were read, and at what the equation of the scores divides by or takes a logarithm of";
  }
}
