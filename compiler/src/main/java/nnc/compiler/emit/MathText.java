package nnc.compiler.emit;

import java.util.List;
import java.util.stream.Collectors;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.MathFunction;

/** Formulas read as mathematics: what stands above a kernel. */
enum MathText implements Algebra<Term> {
  INSTANCE;

  @Override
  public Term constant(double value) {
    String text = value != Math.rint(value) ? Float.toString((float) value) : Constant.text(value);
    return new Term(text, value < 0 ? Term.SIGN : Term.ATOM);
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
    return a.equals(b)
        ? new Term(a.at(Term.ATOM) + "^2", Term.ATOM)
        : Term.binary(a, "*", b, Term.PRODUCT);
  }

  @Override
  public Term divide(Term a, Term b) {
    return Term.binary(a, "/", b, Term.PRODUCT);
  }

  @Override
  public Term negate(Term a) {
    return new Term("-" + a.at(Term.PRODUCT), Term.SIGN);
  }

  @Override
  public Term abs(Term a) {
    return Term.atom("|" + a + "|");
  }

  @Override
  public Term min(Term a, Term b) {
    return Term.atom("min(" + a + ", " + b + ")");
  }

  @Override
  public Term max(Term a, Term b) {
    return Term.atom("max(" + a + ", " + b + ")");
  }

  @Override
  public Term call(MathFunction function, List<Term> arguments) {
    if (function.name().equals("pow")) {
      return new Term(
          arguments.get(0).at(Term.ATOM) + "^" + arguments.get(1).at(Term.ATOM), Term.ATOM);
    }
    return Term.atom(
        function.name()
            + "("
            + arguments.stream().map(Term::text).collect(Collectors.joining(", "))
            + ")");
  }

  @Override
  public Term compare(Comparison comparison, Term a, Term b) {
    return new Term(
        a.at(Term.SUM) + " " + comparison.text() + " " + b.at(Term.SUM), Term.COMPARISON);
  }

  @Override
  public Term and(Term a, Term b) {
    return Term.binary(a, "and", b, Term.AND);
  }

  @Override
  public Term or(Term a, Term b) {
    return Term.binary(a, "or", b, Term.OR);
  }

  @Override
  public Term not(Term a) {
    return new Term("not " + a.at(Term.ATOM), Term.SIGN);
  }

  @Override
  public Term select(Term condition, Term yes, Term no) {
    return new Term(
        yes.at(Term.OR) + " where " + condition.at(Term.OR) + " else " + no.at(Term.OR),
        Term.CHOICE);
  }

  @Override
  public Term number(Term truth) {
    return Term.atom("[" + truth + "]");
  }
}
