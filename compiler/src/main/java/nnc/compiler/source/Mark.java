package nnc.compiler.source;

/** A stretch to underline, with a remark that may be empty. */
record Mark(Span span, String remark) {
  int line() {
    return span.line();
  }

  /** Where the underline ends: at the end of the first line at the latest. */
  int end() {
    return Math.min(span.to(), Math.max(span.from(), span.source().lineEnd(line())));
  }
}
