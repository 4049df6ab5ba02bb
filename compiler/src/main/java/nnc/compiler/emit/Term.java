package nnc.compiler.emit;

/** A piece of an expression, and how tightly it binds: so that parentheses stand only where they are needed. */
record Term(String text, int level) {
  static final int CHOICE = 0;
  static final int OR = 1;
  static final int AND = 2;
  static final int COMPARISON = 3;
  static final int SUM = 4;
  static final int PRODUCT = 5;
  static final int SIGN = 6;
  static final int ATOM = 7;

  static Term atom(String text) {
    return new Term(text, ATOM);
  }

  /** The text where at least this tightness is needed. */
  String at(int least) {
    return level >= least ? text : "(" + text + ")";
  }

  /** An operator that is associative to the left. */
  static Term binary(Term left, String operator, Term right, int level) {
    return new Term(left.at(level) + " " + operator + " " + right.at(level + 1), level);
  }

  @Override
  public String toString() {
    return text;
  }
}
