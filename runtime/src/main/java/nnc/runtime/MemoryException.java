package nnc.runtime;

/** Java had no room for the arrays of a model or of a session: says what they take, what there is, and the remedy. */
public final class MemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String problem;
  private final String note;
  private final MemoryNeed need;

  MemoryException(String model, MemoryNeed need, OutOfMemoryError cause) {
    this(
        "the model " + model + " needs more memory than Java may use",
        need.text() + "; Java may use " + MemoryNeed.size(Runtime.getRuntime().maxMemory()),
        need,
        cause);
  }

  private MemoryException(String problem, String note, MemoryNeed need, OutOfMemoryError cause) {
    super(problem + "\n  = " + note + "\n  = help: " + need.help(""), cause);
    this.problem = problem;
    this.note = note;
    this.need = need;
  }

  public String problem() {
    return problem;
  }

  /** What the arrays take, and what there is. */
  public String note() {
    return note;
  }

  public MemoryNeed need() {
    return need;
  }
}
