package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.explain.Formula.Product;
import nnc.compiler.explain.Formula.Sum;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.MathFunction;

/** Formulas, simplified as one would on paper: zeros and ones go, equal terms are one, scalars stand in front of sums. */
enum FormulaAlgebra implements Algebra<Formula> {
  INSTANCE;

  private static final Formula ZERO = new Formula.Number(0);

  @Override
  public Formula constant(double value) {
    return new Formula.Number(value);
  }

  @Override
  public Formula add(Formula a, Formula b) {
    Map<Product, Double> terms = new LinkedHashMap<>();
    double number = collect(a, terms) + collect(b, terms);
    Identities.merge(terms);
    List<Product> left = new ArrayList<>();
    terms.forEach((term, coefficient) -> {
      if (coefficient != 0) {
        left.add(new Product(coefficient, term.over(), term.under()));
      }
    });
    return number == 0 ? factored(left) : sum(left, number);
  }

  /** Adds what stands with each product of names; numbers are given back. */
  private static double collect(Formula formula, Map<Product, Double> terms) {
    double number = 0;
    for (Formula term : formula instanceof Sum sum ? sum.terms() : List.of(formula)) {
      Product product = product(term);
      if (product.over().isEmpty() && product.under().isEmpty()) {
        number += product.coefficient();
      } else {
        terms.merge(
            new Product(1, product.over(), product.under()), product.coefficient(), Double::sum);
      }
    }
    return number;
  }

  private static Formula sum(List<Product> given, double number) {
    List<Product> terms = new ArrayList<>(given);
    for (int i = 0; i < terms.size() && number == 0; i++) {
      if (terms.get(i).coefficient() > 0) { // a - b, not -b + a
        terms.addFirst(terms.remove(i));
        break;
      }
    }
    List<Formula> all = new ArrayList<>(terms.stream().map(FormulaAlgebra::simple).toList());
    if (number != 0 || all.isEmpty()) {
      boolean leads = !all.isEmpty() && terms.getFirst().coefficient() < 0; // 1 - x, not -x + 1
      all.add(leads ? 0 : all.size(), new Formula.Number(number));
    }
    return all.size() == 1 ? all.getFirst() : new Sum(all);
  }

  /** Scalars that all terms have stand in front, or below. */
  private static Formula factored(List<Product> terms) {
    if (terms.size() < 2) {
      return sum(terms, 0);
    }
    List<Formula> over = common(terms.stream().map(Product::over).toList());
    List<Formula> under = common(terms.stream().map(Product::under).toList());
    double coefficient = terms.getFirst().coefficient();
    boolean same =
        terms.stream().allMatch(term -> Math.abs(term.coefficient()) == Math.abs(coefficient));
    double front = same ? Math.abs(coefficient) : 1;
    if (over.isEmpty() && under.isEmpty() && front == 1) {
      return sum(terms, 0);
    }
    List<Product> rest =
        terms.stream()
            .map(term ->
                new Product(
                    term.coefficient() / front,
                    without(term.over(), over),
                    without(term.under(), under)))
            .toList();
    List<Formula> factors = new ArrayList<>(over);
    factors.add(rest.stream().map(FormulaAlgebra::simple).reduce(INSTANCE::add).orElse(ZERO));
    return new Product(front, factors, under);
  }

  private static List<Formula> common(List<List<Formula>> factors) {
    List<Formula> common = new ArrayList<>();
    for (Formula factor : factors.getFirst()) {
      long most = common.stream().filter(factor::equals).count();
      if (factor.isScalar()
          && factors.stream()
              .allMatch(each -> each.stream().filter(factor::equals).count() > most)) {
        common.add(factor);
      }
    }
    return common;
  }

  static List<Formula> without(List<Formula> factors, List<Formula> gone) {
    List<Formula> left = new ArrayList<>(factors);
    gone.forEach(left::remove);
    return left;
  }

  @Override
  public Formula subtract(Formula a, Formula b) {
    return add(a, negate(b));
  }

  @Override
  public Formula multiply(Formula a, Formula b) {
    Product left = product(a);
    Product right = product(b);
    return quotient(
        left.coefficient() * right.coefficient(),
        joined(left.over(), right.over()),
        joined(left.under(), right.under()));
  }

  @Override
  public Formula divide(Formula a, Formula b) {
    Product left = product(a);
    Product right = product(b);
    return quotient(
        left.coefficient() / right.coefficient(),
        joined(left.over(), right.under()),
        joined(left.under(), right.over()));
  }

  /** What stands above and below the line falls away. */
  private static Formula quotient(double coefficient, List<Formula> over, List<Formula> under) {
    List<Formula> below = new ArrayList<>(under);
    List<Formula> above = new ArrayList<>();
    for (Formula factor : over) {
      if (!below.remove(factor)) {
        above.add(factor);
      }
    }
    squared(above);
    squared(below);
    return coefficient == 0
        ? ZERO
        : Identities.of(coefficient, above, below)
            .orElseGet(() -> simple(new Product(coefficient, above, below)));
  }

  /** The square of a root is what it is the root of. */
  private static void squared(List<Formula> factors) {
    for (Formula factor : List.copyOf(factors)) {
      if (factor instanceof Formula.Call call
          && call.function().equals("sqrt")
          && factors.indexOf(factor) != factors.lastIndexOf(factor)) {
        factors.remove(factor);
        factors.set(factors.indexOf(factor), call.arguments().getFirst());
      }
    }
  }

  private static List<Formula> joined(List<Formula> a, List<Formula> b) {
    List<Formula> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  static Product product(Formula formula) {
    return switch (formula) {
      case Product product -> product;
      case Formula.Number number -> new Product(number.value(), List.of(), List.of());
      default -> new Product(1, List.of(formula), List.of());
    };
  }

  /** The scalar factors of a formula, which may stand in front of whatever else it is in. */
  static Formula scalars(Formula formula) {
    return formula instanceof Product product
        ? simple(
            new Product(
                product.coefficient(),
                product.over().stream().filter(Formula::isScalar).toList(),
                product.under().stream().filter(Formula::isScalar).toList()))
        : new Formula.Number(1);
  }

  static Formula withoutScalars(Formula formula) {
    return formula instanceof Product product
        ? simple(
            new Product(
                1,
                product.over().stream().filter(factor -> !factor.isScalar()).toList(),
                product.under().stream().filter(factor -> !factor.isScalar()).toList()))
        : formula;
  }

  static Formula simple(Product product) {
    if (product.under().isEmpty() && product.over().isEmpty()) {
      return new Formula.Number(product.coefficient());
    }
    return product.coefficient() == 1 && product.under().isEmpty() && product.over().size() == 1
        ? product.over().getFirst()
        : product;
  }

  @Override
  public Formula negate(Formula a) {
    if (a instanceof Sum sum) {
      return sum.terms().stream().map(this::negate).reduce(this::add).orElse(ZERO);
    }
    Product product = product(a);
    return simple(new Product(-product.coefficient(), product.over(), product.under()));
  }

  @Override
  public Formula abs(Formula a) {
    Product product = product(a);
    return product.coefficient() < 0 ? abs(negate(a)) : new Formula.Call("abs", List.of(a));
  }

  @Override
  public Formula min(Formula a, Formula b) {
    return new Formula.Call("min", List.of(a, b));
  }

  @Override
  public Formula max(Formula a, Formula b) {
    return new Formula.Call("max", List.of(a, b));
  }

  @Override
  public Formula call(MathFunction function, List<Formula> arguments) {
    return function.name().equals("pow")
        ? new Formula.Power(arguments.get(0), arguments.get(1))
        : new Formula.Call(function.name(), arguments);
  }

  @Override
  public Formula compare(Comparison comparison, Formula a, Formula b) {
    if (a instanceof Formula.Number left && b instanceof Formula.Number right) {
      return constant(comparison.test(left.value(), right.value()) ? 1 : 0);
    }
    if (a.equals(ZERO) && b instanceof Product product && product.coefficient() < 0) {
      return new Formula.Relation(comparison, negate(b), ZERO);
    }
    if (comparison == Comparison.LESS
        && a.equals(ZERO)
        && b instanceof Formula.Fold fold
        && fold.function().equals("max")
        && fold.of() instanceof Formula.Indicator any) {
      return new Formula.Fold("any", fold.axes(), any.condition(), fold.scalar());
    }
    return new Formula.Relation(comparison, a, b);
  }

  @Override
  public Formula and(Formula a, Formula b) {
    return new Formula.Junction("and", a, b);
  }

  @Override
  public Formula or(Formula a, Formula b) {
    return new Formula.Junction("or", a, b);
  }

  @Override
  public Formula not(Formula a) {
    return switch (a) {
      case Formula.Number number -> constant(1 - number.value());
      case Formula.Not not -> not.condition();
      default -> new Formula.Not(a);
    };
  }

  /** Where one side is zero, the other times 1 or 0. */
  @Override
  public Formula select(Formula condition, Formula yes, Formula no) {
    if (condition instanceof Formula.Number known) {
      return known.value() == 0 ? no : yes;
    }
    if (yes.equals(no)) {
      return yes;
    }
    if (condition.equals(compare(Comparison.LESS, ZERO, no)) && yes.equals(negate(no))) {
      return negate(abs(no));
    }
    if (no.equals(ZERO)) {
      return multiply(yes, number(condition));
    }
    return yes.equals(ZERO)
        ? multiply(no, number(not(condition)))
        : new Formula.Choice(condition, yes, no);
  }

  @Override
  public Formula number(Formula truth) {
    return truth instanceof Formula.Number ? truth : new Formula.Indicator(truth);
  }
}
