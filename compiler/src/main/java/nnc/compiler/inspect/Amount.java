package nnc.compiler.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nnc.compiler.ir.Known;

/** How much of something there is, in the dims of a model: 4 B T^2 d + 8 B T d^2. */
public final class Amount {
  private static final int MOST_TERMS = 4;

  /** Of less than this part of the whole nothing is said. */
  private static final double SMALL = 0.01;

  private final Map<String, Integer> sizes;

  /** Factors, by the powers of dims that they belong to. */
  private final Map<Map<String, Integer>, Double> terms = new LinkedHashMap<>();

  /** @param sizes of all dims, in the order in which terms name them */
  Amount(Map<String, Integer> sizes) {
    this.sizes = sizes;
  }

  void add(Map<String, Integer> powers, double factor) {
    terms.merge(powers, factor, Double::sum);
  }

  void add(Amount other) {
    other.terms.forEach(this::add);
  }

  /** The number at the sizes of the dims. */
  public double value() {
    return terms.keySet().stream().mapToDouble(this::value).sum();
  }

  private double value(Map<String, Integer> powers) {
    double value = terms.getOrDefault(powers, 0.0);
    for (Map.Entry<String, Integer> power : powers.entrySet()) {
      value *= Math.pow(sizes.getOrDefault(power.getKey(), 1), power.getValue());
    }
    return value;
  }

  /** All terms, large ones first: factors, by the powers of dims that they belong to. */
  public List<Map.Entry<Map<String, Integer>, Double>> terms() {
    return ordered().stream().map(powers -> Map.entry(powers, Known.in(terms, powers))).toList();
  }

  private List<Map<String, Integer>> ordered() {
    List<Map<String, Integer>> order = new ArrayList<>(terms.keySet());
    order.sort(
        Comparator.comparingDouble((Map<String, Integer> powers) -> value(powers)).reversed());
    return order;
  }

  /** The formula, large terms first; dots stand for small ones. */
  @Override
  public String toString() {
    List<Map<String, Integer>> order = ordered();
    double whole = value();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < order.size(); i++) {
      if (i > 0 && (i >= MOST_TERMS || value(order.get(i)) < SMALL * whole)) {
        return text.append(" + …").toString();
      }
      text.append(i == 0 ? "" : " + ").append(term(order.get(i)));
    }
    return text.isEmpty() ? "0" : text.toString();
  }

  private String term(Map<String, Integer> powers) {
    List<String> factors = new ArrayList<>();
    double factor = terms.getOrDefault(powers, 0.0);
    if (factor != 1 || powers.isEmpty()) {
      factors.add(number(factor));
    }
    for (String dim : sizes.keySet()) {
      int power = powers.getOrDefault(dim, 0);
      if (power > 0) {
        factors.add(power == 1 ? dim : dim + "^" + power);
      }
    }
    return String.join(" ", factors);
  }

  private static String number(double factor) {
    return factor == Math.rint(factor)
        ? String.format(Locale.ROOT, "%.0f", factor)
        : String.format(Locale.ROOT, "%.4g", factor);
  }
}
