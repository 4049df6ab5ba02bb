package nnc.compiler.syntax;

import nnc.compiler.source.Source;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * A source as ANTLR reads it: symbols are code points, positions are the source's own offsets (UTF-16 units), so that a
 * token's place is a {@link nnc.compiler.source.Span}'s. An unpaired surrogate is a symbol of its own.
 */
final class SourceStream implements CharStream {
  private final Source source;
  private final String text;
  private int position;

  SourceStream(Source source) {
    this.source = source;
    this.text = source.text();
  }

  @Override
  public void consume() {
    if (position == text.length()) {
      throw new IllegalStateException("nothing is left to consume");
    }
    position += Character.charCount(text.codePointAt(position));
  }

  @Override
  public int LA(int distance) {
    if (distance == 0) {
      return 0;
    }
    int at = position;
    if (distance < 0) {
      for (int i = distance; i < -1 && at > 0; i++) {
        at -= Character.charCount(text.codePointBefore(at));
      }
      return at > 0 ? text.codePointBefore(at) : EOF;
    }
    for (int i = 1; i < distance && at < text.length(); i++) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at < text.length() ? text.codePointAt(at) : EOF;
  }

  @Override
  public int mark() {
    return -1;
  }

  @Override
  public void release(int marker) {}

  @Override
  public int index() {
    return position;
  }

  @Override
  public void seek(int index) {
    position = Math.min(index, text.length());
  }

  @Override
  public int size() {
    return text.length();
  }

  @Override
  public String getSourceName() {
    return source.name();
  }

  @Override
  public String getText(Interval interval) {
    int from = Math.min(interval.a, text.length());
    return text.substring(from, Math.clamp(interval.b + 1L, from, text.length()));
  }

  @Override
  public String toString() {
    return text;
  }
}
