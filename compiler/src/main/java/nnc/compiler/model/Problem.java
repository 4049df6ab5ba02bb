package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/** An error of the author that ends the statement it is in; the statements after it are still looked at. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Null where the error follows from one that was told already. */
  final transient @Nullable Diagnostic diagnostic;

  private Problem(@Nullable Diagnostic diagnostic) {
    super(diagnostic == null ? "follows from another" : diagnostic.message(), null, false, false);
    this.diagnostic = diagnostic;
  }

  static Problem of(Diagnostic diagnostic) {
    return new Problem(diagnostic);
  }

  static Problem at(Span span, String id, String message) {
    return new Problem(Diagnostic.at(span, id, message));
  }

  /** An error in the library's text is shown where the author calls it. */
  Problem seenFrom(Span call) {
    if (diagnostic == null
        || diagnostic.span() == null
        || !diagnostic.span().source().isLibrary()
        || call.source().isLibrary()) {
      return this;
    }
    List<String> notes = new ArrayList<>(diagnostic.notes());
    notes.add("in '" + diagnostic.span().text().strip() + "', " + diagnostic.span().place());
    return of(
        new Diagnostic(
            diagnostic.id(),
            diagnostic.message(),
            call,
            diagnostic.labels().stream()
                .filter(label -> !label.span().source().isLibrary())
                .toList(),
            notes,
            diagnostic.helps()));
  }

  static Problem told() {
    return new Problem(null);
  }
}
