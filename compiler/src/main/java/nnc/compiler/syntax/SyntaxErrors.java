package nnc.compiler.syntax;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Collects what is wrong with one file; also knows where tokens stand in it. */
final class SyntaxErrors {
  static final int SHOWN = 50;
  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing(Diagnostic::span, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final Source source;

  /** The first errors of the file; the last of them in front. */
  private final PriorityQueue<Diagnostic> first = new PriorityQueue<>(BY_PLACE.reversed());

  private final Set<Integer> damagedLines = new HashSet<>();
  private int count;

  SyntaxErrors(Source source) {
    this.source = source;
  }

  /**
   * Reports an error in how the text is cut into words and brackets. What the parser then thinks of that
   * line is noise.
   */
  void reportDamage(Diagnostic diagnostic) {
    if (diagnostic.span() != null) {
      damagedLines.add(diagnostic.span().line());
    }
    add(diagnostic);
  }

  /** Reports an error in how words follow each other. */
  void report(Diagnostic diagnostic) {
    add(diagnostic);
  }

  /** Whether the words at a place, or what they mean, may be damaged already. */
  boolean isDamaged(Token token) {
    return damagedLines.contains(span(token).line());
  }

  private void add(Diagnostic diagnostic) {
    count++;
    first.add(diagnostic);
    if (first.size() > SHOWN) {
      first.poll();
    }
  }

  void throwIfAny() {
    if (first.isEmpty()) {
      return;
    }
    List<Diagnostic> shown = new ArrayList<>(first);
    shown.sort(BY_PLACE);
    if (count > SHOWN) {
      shown.add(
          shown
              .removeLast()
              .note((count - SHOWN) + " more syntax errors follow, they are not shown"));
    }
    throw new CompileException(shown);
  }

  Source source() {
    return source;
  }

  Span span(Token token) {
    return span(token.getStartIndex(), token.getStopIndex() + 1);
  }

  Span span(ParserRuleContext context) {
    return span(context.getStart(), context.getStop());
  }

  Span span(Token first, Token last) {
    return span(first.getStartIndex(), last.getStopIndex() + 1);
  }

  private Span span(int from, int to) {
    int length = source.text().length();
    int begin = Math.clamp(from, 0, length);
    return new Span(source, begin, Math.clamp(to, begin, length));
  }
}
