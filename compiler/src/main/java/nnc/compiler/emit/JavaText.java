package nnc.compiler.emit;

import java.util.List;
import java.util.stream.Collectors;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.MathFunction;

/** Formulas read as Java expressions of floats, or of doubles: truth values are booleans. */
record JavaText(boolean single) implements Algebra<Term> {
  static final JavaText FLOATS = new JavaText(true);
  static final JavaText DOUBLES = new JavaText(false);

  @Override
  public Term constant(double value) {
    return literal(value);
  }

  Term literal(double value) {
    if (single) {
      float narrow = (float) value;
      if (!Float.isFinite(narrow)) {
        return Term.atom(
            Float.isNaN(narrow)
                ? "Float.NaN"
                : narrow > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY");
      }
      String text =
          narrow == Math.rint(narrow) && Math.abs(narrow) < 1e6 && !(narrow == 0 && 1 / narrow < 0)
              ? (long) narrow + "f"
              : narrow + "f";
      return new Term(text, narrow < 0 ? Term.SIGN : Term.ATOM);
    }
    if (!Double.isFinite(value)) {
      return Term.atom(
          Double.isNaN(value)
              ? "Double.NaN"
              : value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY");
    }
    return new Term(Double.toString(value), value < 0 ? Term.SIGN : Term.ATOM);
  }

  @Override
  public Term add(Term a, Term b) {
    return Term.binary(a, "+", b, Term.SUM);
  }

  @Override
  public Term subtract(Term a, Term b) {
    return Term.binary(a, "-", b, Term.SUM);
  }

  @Override
  public Term multiply(Term a, Term b) {
    return Term.binary(a, "*", b, Term.PRODUCT);
  }

  @Override
  public Term divide(Term a, Term b) {
    return Term.binary(a, "/", b, Term.PRODUCT);
  }

  @Override
  public Term negate(Term a) {
    return new Term("-" + a.at(Term.ATOM), Term.SIGN);
  }

  @Override
  public Term abs(Term a) {
    return Term.atom("Math.abs(" + a + ")");
  }

  @Override
  public Term min(Term a, Term b) {
    return Term.atom("Math.min(" + a + ", " + b + ")");
  }

  @Override
  public Term max(Term a, Term b) {
    return Term.atom("Math.max(" + a + ", " + b + ")");
  }

  @Override
  public Term call(MathFunction function, List<Term> arguments) {
    String list = arguments.stream().map(Term::text).collect(Collectors.joining(", "));
    if (single) {
      return Term.atom("ScalarMath." + function.name() + "(" + list + ")");
    }
    return switch (function.name()) {
      case "sigmoid" ->
          Term.binary(
              Term.atom("1"),
              "/",
              Term.atom("(1 + Math.exp(-" + arguments.getFirst().at(Term.ATOM) + "))"),
              Term.PRODUCT);
      case "round" -> Term.atom("Math.rint(" + list + ")");
      case "sign" -> Term.atom("Math.signum(" + list + ")");
      case "erf" -> Term.atom("ScalarMath.erf((float) (" + list + "))");
      default -> Term.atom("Math." + function.name() + "(" + list + ")");
    };
  }

  @Override
  public Term compare(Comparison comparison, Term a, Term b) {
    return new Term(
        a.at(Term.SUM) + " " + comparison.text() + " " + b.at(Term.SUM), Term.COMPARISON);
  }

  @Override
  public Term and(Term a, Term b) {
    return Term.binary(a, "&&", b, Term.AND);
  }

  @Override
  public Term or(Term a, Term b) {
    return Term.binary(a, "||", b, Term.OR);
  }

  @Override
  public Term not(Term a) {
    return new Term("!" + a.at(Term.ATOM), Term.SIGN);
  }

  @Override
  public Term select(Term condition, Term yes, Term no) {
    return new Term(
        condition.at(Term.OR) + " ? " + yes.at(Term.OR) + " : " + no.at(Term.OR), Term.CHOICE);
  }

  @Override
  public Term number(Term truth) {
    return select(truth, constant(1), constant(0));
  }
}
