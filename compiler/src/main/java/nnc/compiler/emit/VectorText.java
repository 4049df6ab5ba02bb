package nnc.compiler.emit;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.MathFunction;

/** Formulas read as Java expressions of vectors; what is one number for the whole row stays a float. */
enum VectorText implements Algebra<VectorText.Operand> {
  INSTANCE;

  /** What an expression is in the generated code. */
  enum Kind {
    VECTOR,
    FLOAT,
    MASK,
    BOOLEAN;

    boolean wide() {
      return this == VECTOR || this == MASK;
    }
  }

  /** An expression and what it is. */
  record Operand(Term term, Kind kind) {
    static Operand vector(String text) {
      return new Operand(Term.atom(text), Kind.VECTOR);
    }

    @Override
    public String toString() {
      return term.text();
    }

    /** As a vector: a number is spread over the lanes. */
    String asVector() {
      return kind == Kind.VECTOR ? term.text() : "FloatVector.broadcast(S, " + term + ")";
    }

    /** As what a vector's methods take: vectors and floats alike. */
    String argument() {
      return term.text();
    }

    String asMask() {
      return kind == Kind.MASK ? term.text() : "S.maskAll(" + term + ")";
    }
  }

  @Override
  public Operand constant(double value) {
    return new Operand(JavaText.FLOATS.literal(value), Kind.FLOAT);
  }

  @Override
  public Operand add(Operand a, Operand b) {
    return commutative(a, "add", b, JavaText.FLOATS.add(a.term(), b.term()));
  }

  @Override
  public Operand subtract(Operand a, Operand b) {
    return ordered(a, "sub", b, JavaText.FLOATS.subtract(a.term(), b.term()));
  }

  @Override
  public Operand multiply(Operand a, Operand b) {
    return commutative(a, "mul", b, JavaText.FLOATS.multiply(a.term(), b.term()));
  }

  @Override
  public Operand divide(Operand a, Operand b) {
    return ordered(a, "div", b, JavaText.FLOATS.divide(a.term(), b.term()));
  }

  @Override
  public Operand negate(Operand a) {
    return a.kind().wide()
        ? Operand.vector(a + ".neg()")
        : new Operand(JavaText.FLOATS.negate(a.term()), Kind.FLOAT);
  }

  @Override
  public Operand abs(Operand a) {
    return a.kind().wide()
        ? Operand.vector(a + ".abs()")
        : new Operand(JavaText.FLOATS.abs(a.term()), Kind.FLOAT);
  }

  @Override
  public Operand min(Operand a, Operand b) {
    return commutative(a, "min", b, JavaText.FLOATS.min(a.term(), b.term()));
  }

  @Override
  public Operand max(Operand a, Operand b) {
    return commutative(a, "max", b, JavaText.FLOATS.max(a.term(), b.term()));
  }

  private static Operand commutative(Operand a, String method, Operand b, Term plain) {
    if (a.kind().wide()) {
      return Operand.vector(a + "." + method + "(" + b.argument() + ")");
    }
    return b.kind().wide()
        ? Operand.vector(b + "." + method + "(" + a.argument() + ")")
        : new Operand(plain, Kind.FLOAT);
  }

  private static Operand ordered(Operand a, String method, Operand b, Term plain) {
    if (!a.kind().wide() && !b.kind().wide()) {
      return new Operand(plain, Kind.FLOAT);
    }
    return Operand.vector(a.asVector() + "." + method + "(" + b.argument() + ")");
  }

  @Override
  public Operand call(MathFunction function, List<Operand> arguments) {
    if (arguments.stream().noneMatch(argument -> argument.kind().wide())) {
      return new Operand(
          JavaText.FLOATS.call(function, arguments.stream().map(Operand::term).toList()),
          Kind.FLOAT);
    }
    if (!function.instruction()) {
      throw new IllegalStateException("emit: " + function.name() + " is called on rows");
    }
    return Operand.vector(arguments.getFirst() + "." + function.name() + "()");
  }

  @Override
  public Operand compare(Comparison comparison, Operand a, Operand b) {
    if (!a.kind().wide() && !b.kind().wide()) {
      return new Operand(JavaText.FLOATS.compare(comparison, a.term(), b.term()), Kind.BOOLEAN);
    }
    boolean turned = !a.kind().wide();
    String operator =
        switch (comparison) {
          case EQUAL -> "EQ";
          case NOT_EQUAL -> "NE";
          case LESS -> turned ? "GT" : "LT";
          case LESS_OR_EQUAL -> turned ? "GE" : "LE";
        };
    Operand left = turned ? b : a;
    Operand right = turned ? a : b;
    return new Operand(
        Term.atom(left + ".compare(VectorOperators." + operator + ", " + right.argument() + ")"),
        Kind.MASK);
  }

  @Override
  public Operand and(Operand a, Operand b) {
    return masks(a, "and", b, JavaText.FLOATS.and(a.term(), b.term()));
  }

  @Override
  public Operand or(Operand a, Operand b) {
    return masks(a, "or", b, JavaText.FLOATS.or(a.term(), b.term()));
  }

  private static Operand masks(Operand a, String method, Operand b, Term plain) {
    return a.kind().wide() || b.kind().wide()
        ? new Operand(Term.atom(a.asMask() + "." + method + "(" + b.asMask() + ")"), Kind.MASK)
        : new Operand(plain, Kind.BOOLEAN);
  }

  @Override
  public Operand not(Operand a) {
    return a.kind().wide()
        ? new Operand(Term.atom(a + ".not()"), Kind.MASK)
        : new Operand(JavaText.FLOATS.not(a.term()), Kind.BOOLEAN);
  }

  @Override
  public Operand select(Operand condition, Operand yes, Operand no) {
    if (condition.kind().wide()) {
      return Operand.vector(no.asVector() + ".blend(" + yes.argument() + ", " + condition + ")");
    }
    if (!yes.kind().wide() && !no.kind().wide()) {
      return new Operand(
          JavaText.FLOATS.select(condition.term(), yes.term(), no.term()), Kind.FLOAT);
    }
    return new Operand(
        Term.atom(
            "("
                + condition.term().at(Term.OR)
                + " ? "
                + yes.asVector()
                + " : "
                + no.asVector()
                + ")"),
        Kind.VECTOR);
  }

  @Override
  public Operand number(Operand truth) {
    return truth.kind().wide()
        ? select(truth, constant(1), constant(0))
        : new Operand(JavaText.FLOATS.number(truth.term()), Kind.FLOAT);
  }
}
