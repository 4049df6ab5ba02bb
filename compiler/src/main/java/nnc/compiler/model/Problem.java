package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;

/** Errors of the author that end the statement they are in; the statements after it are still looked at. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Empty where the error follows from one that was told already. */
  final transient List<Diagnostic> diagnostics;

  private Problem(List<Diagnostic> diagnostics) {
    super(
        diagnostics.isEmpty() ? "follows from another" : diagnostics.getFirst().message(),
        null,
        false,
        false);
    this.diagnostics = List.copyOf(diagnostics);
  }

  static Problem of(Diagnostic diagnostic) {
    return new Problem(List.of(diagnostic));
  }

  static Problem at(Span span, String id, String message) {
    return of(Diagnostic.at(span, id, message));
  }

  static Problem told() {
    return new Problem(List.of());
  }

  /** An error in the library's text is shown where the author calls it. */
  Problem seenFrom(Span call) {
    return call.source().isLibrary()
        ? this
        : new Problem(diagnostics.stream().map(each -> seenFrom(call, each)).toList());
  }

  private static Diagnostic seenFrom(Span call, Diagnostic inside) {
    if (inside.span() == null || !inside.span().source().isLibrary()) {
      return inside;
    }
    List<String> notes = new ArrayList<>(inside.notes());
    notes.add("in '" + inside.span().text().strip() + "', " + inside.span().place());
    return new Diagnostic(
        inside.id(),
        inside.message(),
        call,
        inside.labels().stream().filter(label -> !label.span().source().isLibrary()).toList(),
        notes,
        inside.helps());
  }

  /** Parts that may each fail by itself: all are tried, and what went wrong in any is told together. */
  static final class Parts {
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private boolean failed;

    void attempt(Runnable part) {
      try {
        part.run();
      } catch (Problem problem) {
        failed = true;
        diagnostics.addAll(problem.diagnostics);
      }
    }

    /** Ends what consists of the parts, if one of them failed. */
    void finish() {
      if (failed) {
        throw new Problem(diagnostics);
      }
    }
  }
}
