package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.explain.Formula.Product;

/**
 * Finds what is a softmax by its structure, exp(u) over its sum along rows, and the product of a gradient with its Jacobian,
 * p ⊙ (g - Σ_row (g ⊙ p)).
 */
final class Softmax {
  private static final FormulaAlgebra ALGEBRA = FormulaAlgebra.INSTANCE;

  private final Map<Formula.Name, Formula> written;

  /** @param written the formulas of names */
  Softmax(Map<Formula.Name, Formula> written) {
    this.written = written;
  }

  /** exp(u) and its sum along rows, as they stand over and under a line. */
  private record Quotient(Formula exponential, Formula sum, Formula argument) {
    Formula formula() {
      return ALGEBRA.divide(exponential, sum);
    }
  }

  /** What may be said about a line. */
  Optional<Line.Remark> remark(
      int depth, Formula.Name left, Formula right, Optional<Formula> whole) {
    if (left.gradient() && right instanceof Product product) {
      return jacobian(depth, product);
    }
    Formula seen = left.gradient() ? whole.orElse(right) : right;
    return quotients(seen)
        .findFirst()
        .map(found ->
            Remarks.of(
                depth,
                found.formula().equals(right) ? left : found.formula(),
                " is the softmax of ",
                found.argument()));
  }

  private Stream<Quotient> quotients(Formula formula) {
    Stream<Quotient> own =
        formula instanceof Product product ? quotient(product).stream() : Stream.empty();
    return Stream.concat(own, formula.parts().flatMap(this::quotients));
  }

  private Optional<Quotient> quotient(Product product) {
    for (Formula over : product.over()) {
      for (Formula under : product.under()) {
        Optional<Formula> argument = argument(over).filter(ignored -> isSum(under, over));
        if (argument.isPresent()) {
          return Optional.of(new Quotient(over, under, argument.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** A name's formula; any other formula itself. */
  private Formula opened(Formula formula) {
    return formula instanceof Formula.Name name ? written.getOrDefault(name, name) : formula;
  }

  /** u, of exp(u - what is the same along rows), where a condition holds. */
  private Optional<Formula> argument(Formula exponential) {
    return FormulaAlgebra.product(opened(exponential)).over().stream()
        .filter(factor -> factor instanceof Formula.Call call && call.function().equals("exp"))
        .map(factor -> ((Formula.Call) factor).arguments().getFirst())
        .findFirst()
        .map(this::withoutConstants);
  }

  private Formula withoutConstants(Formula exponent) {
    return exponent instanceof Formula.Sum sum
        ? sum.terms().stream()
            .filter(term -> !isAlongRows(ALGEBRA.negate(term), "max"))
            .reduce(new Formula.Number(0), ALGEBRA::add)
        : exponent;
  }

  private boolean isAlongRows(Formula formula, String function) {
    return opened(formula) instanceof Formula.Fold fold
        && fold.axes().equals("row")
        && fold.function().equals(function);
  }

  /** Whether this is the sum of that along rows, or 1 where a row has no element that counts. */
  private boolean isSum(Formula sum, Formula of) {
    Formula opened = opened(sum);
    if (opened instanceof Formula.Choice choice) {
      return choice.no().equals(new Formula.Number(1)) && isSum(choice.yes(), of);
    }
    return isAlongRows(opened, "sum")
        && opened instanceof Formula.Fold fold
        && opened(fold.of()).equals(opened(of));
  }

  // ------------------------------------------------------------ the Jacobian

  /** e ⊙ (g / s - Σ_row (g ⊙ e / s / s)), times whatever else. */
  private Optional<Line.Remark> jacobian(int depth, Product line) {
    for (Formula factor : line.over()) {
      if (!(opened(factor) instanceof Formula.Sum sum) || sum.terms().size() != 2) {
        continue;
      }
      for (Formula other : line.over()) {
        for (int i = 0; i < 2; i++) {
          Optional<Line.Remark> found =
              jacobian(depth, line, factor, other, sum.terms().get(i), sum.terms().get(1 - i));
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Line.Remark> jacobian(
      int depth, Product line, Formula difference, Formula other, Formula direct, Formula mean) {
    Product first = FormulaAlgebra.product(direct);
    for (Formula under : first.under()) {
      Optional<Formula> exponential = exponential(other, under);
      if (exponential.isPresent() && isMean(mean, first, exponential.get(), under)) {
        Formula share = ALGEBRA.multiply(direct, under);
        Formula softmax = ALGEBRA.divide(exponential.get(), under);
        Formula factor = rest(line, difference, other, exponential.get());
        List<Object> parts = new ArrayList<>(List.of("p ⊙ (g − Σ_row (g ⊙ p))"));
        if (!factor.equals(new Formula.Number(1))) {
          parts.addAll(List.of(", times ", factor, ","));
        }
        parts.addAll(List.of(" with p = ", named(softmax), " and g = ", share));
        parts.add(": for each row the Jacobian of softmax, diag(p) − pᵀp, applied to g");
        return Optional.of(Remarks.of(depth, parts.toArray()));
      }
    }
    return Optional.empty();
  }

  /** What else a line is multiplied by: of scores that are scaled, their scale. */
  private Formula rest(Product line, Formula difference, Formula other, Formula exponential) {
    List<Formula> told = new ArrayList<>(List.of(difference));
    told.addAll(
        exponential.equals(other)
            ? List.of(other)
            : FormulaAlgebra.product(opened(exponential)).over());
    Formula over =
        FormulaAlgebra.without(line.over(), told).stream()
            .reduce(new Formula.Number(line.coefficient()), ALGEBRA::multiply);
    return line.under().stream().reduce(over, ALGEBRA::divide);
  }

  /** The exponential that this is, by name or where a condition holds, if that is its sum. */
  private Optional<Formula> exponential(Formula factor, Formula sum) {
    if (argument(factor).isPresent() && isSum(sum, factor)) {
      return Optional.of(factor);
    }
    Formula total = opened(sum) instanceof Formula.Choice choice ? choice.yes() : sum;
    return opened(total) instanceof Formula.Fold fold
            && fold.function().equals("sum")
            && argument(factor).isPresent()
            && FormulaAlgebra.product(opened(fold.of())).over().contains(factor)
        ? Optional.of(fold.of())
        : Optional.empty();
  }

  /** Whether this is -Σ_row (share ⊙ e / s), for the share g / s. */
  private boolean isMean(Formula mean, Product share, Formula exponential, Formula sum) {
    Product product = FormulaAlgebra.product(opened(mean));
    Product outer = constantsInside(product);
    Formula expected =
        ALGEBRA.divide(
            ALGEBRA.multiply(new Product(-1, share.over(), share.under()), exponential), sum);
    return Identities.same(
            FormulaAlgebra.product(expanded(outer)), FormulaAlgebra.product(expanded(expected)))
        && outer.coefficient() * share.coefficient() < 0;
  }

  /** k / s · Σ_row a as k · Σ_row (a / s), without the condition that a row is not empty: the factors in the sum. */
  private Product constantsInside(Product product) {
    for (Formula factor : product.over()) {
      if (factor instanceof Formula.Fold fold
          && fold.function().equals("sum")
          && fold.axes().equals("row")) {
        List<Formula> rest =
            FormulaAlgebra.without(product.over(), List.of(factor)).stream()
                .filter(each ->
                    !(each instanceof Formula.Indicator indicator
                        && indicator.condition() instanceof Formula.Fold any
                        && any.function().equals("any")))
                .toList();
        Formula inside = new Product(product.coefficient(), rest, product.under());
        return FormulaAlgebra.product(ALGEBRA.multiply(inside, fold.of()));
      }
    }
    return product;
  }

  /** Softmaxes that have names as quotients. */
  private Formula expanded(Formula formula) {
    return formula instanceof Formula.Name name
            && opened(name) instanceof Product product
            && quotient(product).isPresent()
        ? product
        : formula instanceof Product ? formula.over(this::expanded) : formula;
  }

  private Formula named(Formula softmax) {
    return written.entrySet().stream()
        .filter(entry -> entry.getValue().equals(softmax))
        .map(entry -> (Formula) entry.getKey())
        .findFirst()
        .orElse(softmax);
  }
}
