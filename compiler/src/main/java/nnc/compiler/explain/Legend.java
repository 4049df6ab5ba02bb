package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the signs of a derivation mean: those that occur in it. */
final class Legend {
  /**
   * A sign and its meaning.
   *
   * @param sign in Unicode
   * @param math the same for LaTeX
   */
  record Entry(String sign, String math, String meaning) {}

  private Legend() {}

  static List<Entry> of(Derivation derivation) {
    List<Line> lines =
        Stream.concat(derivation.values().stream(), derivation.gradients().stream()).toList();
    List<Formula> formulas = lines.stream().flatMap(Line::formulas).toList();
    Set<Formula.Name> names = formulas.stream().flatMap(Formula::names).collect(Collectors.toSet());
    List<Entry> entries = new ArrayList<>();
    entries.add(
        new Entry(
            "δx",
            "\\delta_{x}",
            "∂loss/∂x: how the loss changes with each element of x; as large as x"));
    if (anyName(names, name -> name.text().endsWith(Formula.Name.BEFORE))) {
      entries.add(
          new Entry(
              "δx*",
              "\\delta^{*}_{x}",
              "the same, before the last function of x: where x = f(a), ∂loss/∂a"));
    }
    for (String step : steps(lines)) {
      if (anyName(names, name -> name.text().endsWith(Formula.Name.HANDED_BACK))) {
        entries.add(
            new Entry(
                "δx⁺[" + step + "]",
                "\\delta^{+}_{x^{(" + step + ")}}",
                "what step " + step + "+1 hands back to x[" + step + "]"));
      }
    }
    if (anyName(names, name -> name.text().matches("u(_\\d+)?"))) {
      entries.add(new Entry("u", "u", "a value that has no name in the model"));
    }
    signs(formulas, entries);
    return entries;
  }

  private static void signs(List<Formula> formulas, List<Entry> entries) {
    if (any(formulas, part -> part instanceof Formula.Product)) {
      entries.add(
          new Entry("a ⊙ b", "a \\odot b", "element by element; a · b: product of matrices"));
    }
    if (any(formulas, part -> part instanceof Formula.Indicator)) {
      entries.add(new Entry("[c]", "[c]", "1 where c holds, else 0"));
    }
    if (any(formulas, part -> part instanceof Formula.Fold)) {
      entries.add(
          new Entry(
              "Σ_row a",
              "\\sum_{row} a",
              "along the last axis, for each row; Σ_B: along the axis of size B"));
    }
    if (any(formulas, Formula.Place.class::isInstance)) {
      entries.add(
          new Entry("j", "j", "an element's place along the last axis; i: along the one before"));
    }
    if (any(
        formulas,
        part -> part instanceof Formula.Lookup lookup && lookup.ids() instanceof Formula.Name)) {
      entries.add(new Entry("E[ids]", "E[ids]", "the rows of E that ids name"));
    }
    if (any(
        formulas,
        part -> part instanceof Formula.Whole whole && whole.function().equals("scatter_add"))) {
      entries.add(
          new Entry(
              "scatter_add(ids, a)",
              "\\operatorname{scatter\\_add}(ids, a)",
              "each row of a added to the row that ids name, of a table of zeros"));
    }
  }

  /** What the recurrences of the derivation call their steps. */
  private static Set<String> steps(List<Line> lines) {
    return lines.stream()
        .filter(Line.Steps.class::isInstance)
        .map(line -> ((Line.Steps) line).step())
        .collect(Collectors.toCollection(java.util.TreeSet::new));
  }

  private static boolean anyName(Set<Formula.Name> names, Predicate<Formula.Name> wanted) {
    return names.stream().filter(Formula.Name::gradient).anyMatch(wanted);
  }

  private static boolean any(List<Formula> formulas, Predicate<Formula> wanted) {
    return formulas.stream().anyMatch(formula -> has(formula, wanted));
  }

  private static boolean has(Formula formula, Predicate<Formula> wanted) {
    return wanted.test(formula) || formula.parts().anyMatch(part -> has(part, wanted));
  }
}
