package nnc.runtime;

/** A text that a model cannot read. */
public final class TextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String help;

  TextException(String problem, String help) {
    super(problem);
    this.help = help;
  }

  /** What whoever gave the text may do. */
  public String help() {
    return help;
  }
}
