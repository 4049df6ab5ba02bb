package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;

/** Collects the author's errors, so that one run tells all of them. */
final class Problems {
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private int count;

  void add(Diagnostic diagnostic) {
    count++;
    if (diagnostics.stream().noneMatch(told -> same(told, diagnostic))) {
      diagnostics.add(diagnostic);
    }
  }

  /** A shared layer is elaborated at each call, its error is one; what may be meant differs with the names around. */
  private static boolean same(Diagnostic a, Diagnostic b) {
    return a.message().equals(b.message())
        && Objects.equals(a.span(), b.span())
        && a.notes().equals(b.notes());
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

  /** How many errors were found, those too that had been found before. */
  int count() {
    return count;
  }

  void throwIfAny() {
    if (!diagnostics.isEmpty()) {
      List<Diagnostic> sorted = new ArrayList<>(diagnostics);
      sorted.sort(
          Comparator.comparing(Diagnostic::span, Comparator.nullsLast(Comparator.naturalOrder())));
      throw new CompileException(sorted);
    }
  }
}
