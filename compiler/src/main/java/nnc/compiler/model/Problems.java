package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;

/** Collects the author's errors, so that one run tells all of them. */
final class Problems {
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  void add(Diagnostic diagnostic) {
    if (!diagnostics.contains(
        diagnostic)) { // a shared layer is elaborated at each call, its error is one
      diagnostics.add(diagnostic);
    }
  }

  /** Runs an action that may end with a problem; true if it did not. */
  boolean guarded(Runnable action) {
    return guarded(null, action);
  }

  boolean guarded(@org.jspecify.annotations.Nullable Span place, Runnable action) {
    try {
      action.run();
      return true;
    } catch (Problem problem) {
      problem.diagnostics.forEach(this::add);
    } catch (ArithmeticException overflow) {
      if (place == null) {
        throw overflow;
      }
      add(Diagnostic.at(place, "size", "a size here is larger than any array can be"));
    }
    return false;
  }

  boolean any() {
    return !diagnostics.isEmpty();
  }

  void throwIfAny() {
    if (any()) {
      List<Diagnostic> sorted = new ArrayList<>(diagnostics);
      sorted.sort(
          Comparator.comparing(Diagnostic::span, Comparator.nullsLast(Comparator.naturalOrder())));
      throw new CompileException(sorted);
    }
  }
}
