package nnc.compiler.source;

import java.util.List;

/** The user's input is wrong: carries every diagnostic that was found, in the order of their places. */
public class CompileException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Diagnostic> diagnostics;

  public CompileException(List<Diagnostic> diagnostics) {
    super(diagnostics.isEmpty() ? "no diagnostic" : diagnostics.getFirst().message());
    if (diagnostics.isEmpty()) {
      throw new IllegalArgumentException("a compile exception carries at least one diagnostic");
    }
    this.diagnostics = List.copyOf(diagnostics);
  }

  public CompileException(Diagnostic diagnostic) {
    this(List.of(diagnostic));
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
