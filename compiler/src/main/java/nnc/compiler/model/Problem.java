package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * An error in the library's text is shown where the author calls it; if it is of an argument, where that is written.
   *
   * @param arguments where the arguments stand, by their names in the library's text
   */
  Problem seenFrom(Span call, Map<String, Span> arguments) {
    Map<String, Diagnostic> seen = new LinkedHashMap<>(); // an argument is used more than once
    for (Diagnostic each : diagnostics) {
      Diagnostic outside = seenFrom(call, arguments, each);
      seen.putIfAbsent(outside.id() + outside.span() + outside.message(), outside);
    }
    return new Problem(List.copyOf(seen.values()));
  }

  private static Diagnostic seenFrom(Span call, Map<String, Span> arguments, Diagnostic inside) {
    Span within = inside.span();
    if (within == null || !within.source().isLibrary()) {
      return inside;
    }
    Span argument = arguments.get(within.text().strip());
    Span place = argument != null ? argument : call.source().isLibrary() ? within : call;
    List<String> notes = new ArrayList<>(inside.notes());
    if (!place.source().isLibrary()) {
      notes.add("in '" + within.text().strip() + "', " + within.place());
    }
    return new Diagnostic(
        inside.id(),
        inside.message(),
        place,
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

    void add(Diagnostic diagnostic) {
      failed = true;
      diagnostics.add(diagnostic);
    }

    boolean failed() {
      return failed;
    }

    /** Ends what consists of the parts, if one of them failed. */
    void finish() {
      if (failed) {
        throw new Problem(diagnostics);
      }
    }
  }
}
