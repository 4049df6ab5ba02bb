package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.compiler.explain.Formula.Choice;
import nnc.compiler.explain.Formula.Fold;
import nnc.compiler.explain.Formula.Matmul;
import nnc.compiler.explain.Formula.Product;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.Constant;

/** How formulas are written. Parentheses stand only where they are needed. */
public abstract sealed class Notation permits TextNotation, LatexNotation {
  /** In Unicode, on one line. */
  public static final Notation TEXT = new TextNotation();

  /** The same, with 0.1·x for x / 10. */
  static final Notation DECIMALS = new TextNotation();

  public static final Notation LATEX = new LatexNotation();

  private static final int LARGEST_TOP = 9;

  private static final double EXACT = 1e-12;

  /** How tightly a formula holds together, from the loosest on. */
  enum Level {
    CHOICE,
    OR,
    AND,
    RELATION,
    SUM,
    PRODUCT,
    MATMUL,
    ATOM
  }

  public final String write(Formula formula) {
    return switch (formula) {
      case Formula.Name name -> name(name);
      case Formula.Number number ->
          (number.value() < 0 ? minus() : "") + digits(Math.abs(number.value()));
      case Formula.Sum sum -> sum(sum.terms());
      case Product product -> product(product);
      case Formula.Power power -> power(at(power.base(), Level.ATOM), power.exponent());
      case Formula.Call call ->
          call(call.function(), call.arguments().stream().map(this::write).toList());
      case Formula.Place place -> place.letter();
      case Formula.Whole whole ->
          whole(whole.function(), whole.arguments().stream().map(this::write).toList());
      case Formula.Lookup lookup -> lookup(at(lookup.table(), Level.ATOM), write(lookup.ids()));
      case Matmul matmul ->
          operand(matmul.left(), matmul.leftTurned(), Level.MATMUL)
              + times()
              + operand(matmul.right(), matmul.rightTurned(), Level.ATOM);
      case Fold fold -> fold(fold.function(), fold.axes(), at(fold.of(), Level.MATMUL));
      case Formula.Relation relation ->
          at(relation.left(), Level.SUM)
              + " "
              + comparison(relation.comparison())
              + " "
              + at(relation.right(), Level.SUM);
      case Formula.Junction junction ->
          at(junction.left(), level(junction))
              + " "
              + word(junction.word())
              + " "
              + at(junction.right(), level(junction));
      case Formula.Not not -> word("not") + " " + at(not.condition(), Level.ATOM);
      case Choice choice ->
          choice(write(choice.condition()), at(choice.yes(), Level.OR), at(choice.no(), Level.OR));
      case Formula.Indicator indicator -> indicator(write(indicator.condition()));
    };
  }

  /** The right side of an equation: what is true or false stands in parentheses. */
  public final String side(Formula formula) {
    return at(formula, level(formula) == Level.CHOICE ? Level.CHOICE : Level.SUM);
  }

  private String digits(double value) {
    return exponent(
        value == Math.rint(value) ? Constant.text(value) : Float.toString((float) value));
  }

  /** {@code 1.0E-5} as 10^-5. */
  private String exponent(String number) {
    int at = number.indexOf('E');
    if (at < 0) {
      return number;
    }
    String mantissa = number.substring(0, at).replaceAll("\\.0$", "");
    String power = power("10", new Formula.Number(Integer.parseInt(number.substring(at + 1))));
    return mantissa.equals("1") ? power : mantissa + scalar() + power;
  }

  private String operand(Formula operand, boolean turned, Level least) {
    return turned ? turned(at(operand, Level.ATOM)) : at(operand, least);
  }

  private String sum(List<Formula> terms) {
    StringBuilder text = new StringBuilder(write(terms.getFirst()));
    for (Formula term : terms.subList(1, terms.size())) {
      String written = at(term, Level.PRODUCT);
      boolean minus = written.startsWith(minus());
      text.append(minus ? " " + minus() + " " : " + ")
          .append(minus ? written.substring(minus().length()) : written);
    }
    return text.toString();
  }

  private String product(Product product) {
    double size = Math.abs(product.coefficient());
    int top = this == DECIMALS ? 0 : top(size);
    List<Formula> over = new ArrayList<>();
    List<Formula> under = new ArrayList<>();
    if (top > 1 || size != 1 && top == 0) {
      over.add(new Formula.Number(top > 1 ? top : size));
    }
    if (top > 0 && size != 1) {
      under.add(new Formula.Number(Math.rint(top / size)));
    }
    over.addAll(powers(product.over()));
    under.addAll(powers(product.under()));
    String sign = product.coefficient() < 0 ? minus() : "";
    String above = over.isEmpty() ? "1" : factors(over, under.isEmpty());
    if (under.isEmpty()) {
      return sign + above;
    }
    String below = under.size() == 1 ? divisor(under.getFirst()) : factors(under, false);
    return sign + fraction(above, below, under.size() > 1);
  }

  /** What stands above the line of a fraction of small numbers; 0 if it is none. */
  private static int top(double size) {
    for (int top = 1; top <= LARGEST_TOP && size < 1; top++) {
      double bottom = top / size;
      if (Math.abs(bottom - Math.rint(bottom)) < EXACT * bottom) {
        return top;
      }
    }
    return 0;
  }

  /** Equal factors are a power. */
  private static List<Formula> powers(List<Formula> factors) {
    Map<Formula, Integer> counts = new LinkedHashMap<>();
    factors.forEach(factor -> counts.merge(factor, 1, Integer::sum));
    List<Formula> powers = new ArrayList<>();
    counts.forEach((factor, count) ->
        powers.add(count == 1 ? factor : new Formula.Power(factor, new Formula.Number(count))));
    return powers;
  }

  /** Scalars first. */
  private String factors(List<Formula> factors, boolean alone) {
    List<Formula> tensors = factors.stream().filter(factor -> !factor.isScalar()).toList();
    Level least = alone && tensors.size() == 1 ? Level.MATMUL : Level.ATOM;
    String elements =
        tensors.stream()
            .map(factor -> at(factor, least))
            .collect(Collectors.joining(elementwise()));
    return Stream.concat(
            factors.stream().filter(Formula::isScalar).map(factor -> at(factor, Level.ATOM)),
            Stream.of(elements).filter(text -> !text.isEmpty()))
        .collect(Collectors.joining(scalar()));
  }

  static Level level(Formula formula) {
    return switch (formula) {
      case Choice ignored -> Level.CHOICE;
      case Formula.Junction junction -> junction.word().equals("or") ? Level.OR : Level.AND;
      case Formula.Not ignored -> Level.AND;
      case Formula.Relation ignored -> Level.RELATION;
      case Formula.Sum ignored -> Level.SUM;
      case Product ignored -> Level.PRODUCT;
      case Formula.Number number -> number.value() < 0 ? Level.PRODUCT : Level.ATOM;
      case Fold ignored -> Level.PRODUCT;
      case Matmul ignored -> Level.MATMUL;
      default -> Level.ATOM;
    };
  }

  final String at(Formula formula, Level least) {
    String text = write(formula);
    return level(formula).compareTo(least) >= 0 ? text : parentheses(text);
  }

  abstract String divisor(Formula under);

  abstract String name(Formula.Name name);

  abstract String power(String base, Formula exponent);

  abstract String call(String function, List<String> arguments);

  /** What is done with whole tensors is called by its own name. */
  abstract String whole(String function, List<String> arguments);

  abstract String lookup(String table, String ids);

  abstract String turned(String operand);

  abstract String fold(String function, String axes, String of);

  abstract String fraction(String over, String under, boolean several);

  abstract String choice(String condition, String yes, String no);

  abstract String indicator(String condition);

  abstract String comparison(Comparison comparison);

  abstract String word(String word);

  /** Words between formulas. */
  abstract String words(String text);

  abstract String comma();

  abstract String parentheses(String text);

  abstract String minus();

  /** Between matrices. */
  abstract String times();

  /** Between numbers, and a number and a tensor. */
  abstract String scalar();

  /** Element by element. */
  abstract String elementwise();
}
