package nnc.compiler.source;

/** A stretch of a source: offsets {@code from} (inclusive) to {@code to} (exclusive). */
public record Span(Source source, int from, int to) implements Comparable<Span> {
  public Span {
    if (from < 0 || to < from || to > source.text().length()) {
      throw new IllegalArgumentException(
          "span " + from + ".." + to + " is not inside " + source.name());
    }
  }

  public int line() {
    return source.line(from);
  }

  public int column() {
    return source.column(from);
  }

  public String text() {
    return source.text().substring(from, to);
  }

  /** The smallest span that covers both. */
  public Span to(Span other) {
    return new Span(source, Math.min(from, other.from), Math.max(to, other.to));
  }

  /** {@code digits.nn:9}, as comments in generated code name a place. */
  public String place() {
    return source.fileName() + ":" + line();
  }

  @Override
  public int compareTo(Span other) {
    int byName = source.name().compareTo(other.source.name());
    return byName != 0
        ? byName
        : from != other.from ? Integer.compare(from, other.from) : Integer.compare(to, other.to);
  }

  @Override
  public String toString() {
    return source.name() + ":" + line() + ":" + column();
  }
}
