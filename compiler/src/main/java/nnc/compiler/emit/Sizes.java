package nnc.compiler.emit;

import java.util.Optional;
import nnc.compiler.ir.Size;
import nnc.compiler.plan.Access;
import nnc.compiler.plan.Buffer;

/** Sizes, places and indices as Java expressions of ints; the rows of the batch are called as the model calls them. */
final class Sizes {
  private final Names names;

  Sizes(Names names) {
    this.names = names;
  }

  Term size(Size size) {
    if (size.isConstant()) {
      return Term.atom(Long.toString(size.factor()));
    }
    Term dims =
        size.dims().stream()
            .map(dim -> Term.atom(names.dim()))
            .reduce((a, b) -> Term.binary(a, "*", b, Term.PRODUCT))
            .orElseThrow();
    return size.factor() == 1
        ? dims
        : Term.binary(Term.atom(Long.toString(size.factor())), "*", dims, Term.PRODUCT);
  }

  String text(Size size) {
    return size(size).text();
  }

  /** Where a buffer begins, and an offset into it. */
  Term start(Buffer buffer, Size offset) {
    return plus(Term.atom(names.constant(buffer)), offset);
  }

  private Term plus(Term start, Size offset) {
    return offset.factor() == 0 ? start : Term.binary(start, "+", size(offset), Term.SUM);
  }

  /** The first element of a row. */
  Term row(Term start, Access access, String row) {
    Term sum = plus(start, access.offset());
    for (Access.Term term : access.terms()) {
      Term place = Term.atom(row);
      if (!term.divisor().isOne()) {
        place = Term.binary(place, "/", size(term.divisor()), Term.PRODUCT);
      }
      Optional<Size> modulus = term.modulus();
      if (modulus.isPresent()) {
        place =
            new Term(
                place.at(Term.PRODUCT) + " % " + size(modulus.get()).at(Term.ATOM), Term.PRODUCT);
      }
      Term scaled =
          term.stride().isOne()
              ? place
              : Term.binary(
                  modulus.isPresent() ? Term.atom("(" + place + ")") : place,
                  "*",
                  size(term.stride()),
                  Term.PRODUCT);
      sum = sum.text().equals("0") ? scaled : Term.binary(sum, "+", scaled, Term.SUM);
    }
    return sum;
  }

  /** The array that a buffer lies in. */
  static String array(Buffer buffer) {
    return switch (buffer.space()) {
      case MEMORY -> "m";
      case PARAMETERS -> "p";
      case STATE -> "s";
      case SCRATCH -> "t";
    };
  }
}
