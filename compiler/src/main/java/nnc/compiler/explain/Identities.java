package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nnc.compiler.explain.Formula.Product;
import nnc.compiler.ir.Algebra.Comparison;

/**
 * Identities that hold element by element: [c] is 1 where it counts, [c] a + [not c] a is a, and exp(u) / (exp(u) + 1) is the
 * logistic function.
 */
final class Identities {
  private static final FormulaAlgebra ALGEBRA = FormulaAlgebra.INSTANCE;
  private static final Formula ZERO = new Formula.Number(0);
  private static final Formula ONE = new Formula.Number(1);

  private Identities() {}

  // ------------------------------------------------------------ products

  /** The product in other words, if there are any. */
  static Optional<Formula> of(double coefficient, List<Formula> over, List<Formula> under) {
    for (Formula factor : over) {
      if (factor instanceof Formula.Indicator indicator) {
        List<Formula> rest = new ArrayList<>(over);
        rest.remove(factor);
        UnaryOperator<Formula> known = part -> given(part, indicator.condition());
        List<Formula> above = rest.stream().map(known).toList();
        List<Formula> below = under.stream().map(known).toList();
        if (!above.equals(rest) || !below.equals(under)) {
          return Optional.of(product(coefficient, with(above, factor), below));
        }
      }
    }
    return logistic(coefficient, over, under);
  }

  private static Formula product(double coefficient, List<Formula> over, List<Formula> under) {
    Formula above = over.stream().reduce(new Formula.Number(coefficient), ALGEBRA::multiply);
    return ALGEBRA.divide(above, under.stream().reduce(ONE, ALGEBRA::multiply));
  }

  private static List<Formula> with(List<Formula> factors, Formula factor) {
    List<Formula> all = new ArrayList<>(factors);
    all.add(factor);
    return all;
  }

  /** What a formula is where a condition holds; only what is done element by element is looked into. */
  private static Formula given(Formula formula, Formula condition) {
    return switch (formula) {
      case Formula.Indicator indicator when indicator.condition().equals(condition) -> ONE;
      case Formula.Indicator indicator when indicator.condition().equals(ALGEBRA.not(condition)) ->
          ZERO;
      case Formula.Choice choice when choice.condition().equals(condition) ->
          given(choice.yes(), condition);
      case Formula.Call call when call.function().equals("abs") -> {
        Formula of = call.arguments().getFirst();
        yield sign(of, condition).map(sign -> sign > 0 ? of : ALGEBRA.negate(of)).orElse(formula);
      }
      case Formula.Call ignored -> formula.over(part -> given(part, condition));
      case Product ignored -> formula.over(part -> given(part, condition));
      case Formula.Sum ignored -> formula.over(part -> given(part, condition));
      default -> formula;
    };
  }

  /** The sign of a formula where 0 < formula, or formula < 0, holds or does not. */
  private static Optional<Integer> sign(Formula formula, Formula condition) {
    boolean not = condition instanceof Formula.Not;
    Formula holds = condition instanceof Formula.Not(Formula inner) ? inner : condition;
    if (holds.equals(ALGEBRA.compare(Comparison.LESS, ZERO, formula))) {
      return Optional.of(not ? -1 : 1);
    }
    return holds.equals(ALGEBRA.compare(Comparison.LESS, formula, ZERO))
        ? Optional.of(not ? 1 : -1)
        : Optional.empty();
  }

  /** σ(u) = exp(u) / (exp(u) + 1). */
  private static Optional<Formula> logistic(
      double coefficient, List<Formula> over, List<Formula> under) {
    for (Formula factor : over) {
      if (factor instanceof Formula.Call call && call.function().equals("exp")) {
        Formula divisor = ALGEBRA.add(factor, ONE);
        if (under.contains(divisor)) {
          return Optional.of(
              product(
                  coefficient,
                  with(FormulaAlgebra.without(over, List.of(factor)), sigmoid(call)),
                  FormulaAlgebra.without(under, List.of(divisor))));
        }
      }
    }
    return Optional.empty();
  }

  private static Formula sigmoid(Formula.Call call) {
    return new Formula.Call("sigmoid", call.arguments());
  }

  // ------------------------------------------------------------ sums

  /** Terms that are one: a - a σ(u) is a σ(-u), and a [c] + a [not c] is a. */
  static void merge(Map<Product, Double> terms) {
    boolean found = true;
    while (found) {
      found = false;
      for (Product term : List.copyOf(terms.keySet())) {
        if (!found && terms.containsKey(term)) {
          found = merge(term, terms);
        }
      }
    }
  }

  private static boolean merge(Product term, Map<Product, Double> terms) {
    double coefficient = terms.getOrDefault(term, 0.0);
    for (Formula factor : term.over()) {
      List<Formula> rest = FormulaAlgebra.without(term.over(), List.of(factor));
      if (factor instanceof Formula.Call call && call.function().equals("sigmoid")) {
        Optional<Product> plain = find(new Product(1, rest, term.under()), terms);
        if (plain.filter(each -> terms.getOrDefault(each, 0.0) == -coefficient).isPresent()) {
          terms.remove(term);
          terms.remove(plain.get());
          Formula other =
              new Formula.Call("sigmoid", List.of(ALGEBRA.negate(call.arguments().getFirst())));
          put(with(rest, other), term.under(), -coefficient, terms);
          return true;
        }
      }
      if (factor instanceof Formula.Indicator indicator) {
        Formula not = ALGEBRA.number(ALGEBRA.not(indicator.condition()));
        Optional<Product> other = find(new Product(1, with(rest, not), term.under()), terms);
        if (other.filter(each -> terms.getOrDefault(each, 0.0) == coefficient).isPresent()) {
          terms.remove(term);
          terms.remove(other.get());
          put(rest, term.under(), coefficient, terms);
          return true;
        }
      }
    }
    return false;
  }

  private static void put(
      List<Formula> over, List<Formula> under, double coefficient, Map<Product, Double> terms) {
    Product product = new Product(1, over, under);
    terms.merge(find(product, terms).orElse(product), coefficient, Double::sum);
  }

  /** The term of the same factors in whatever order. */
  private static Optional<Product> find(Product wanted, Map<Product, Double> terms) {
    return terms.keySet().stream().filter(each -> same(each, wanted)).findFirst();
  }

  /** Whether two products have the same factors. */
  static boolean same(Product a, Product b) {
    return same(a.over(), b.over()) && same(a.under(), b.under());
  }

  private static boolean same(List<Formula> a, List<Formula> b) {
    return a.size() == b.size() && FormulaAlgebra.without(a, b).isEmpty();
  }
}
