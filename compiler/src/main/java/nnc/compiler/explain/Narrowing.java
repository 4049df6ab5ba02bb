package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is computed, as far as some parameters are concerned: from them to the loss, and what their gradients are made of. */
final class Narrowing {
  private final List<Line> values;
  private final Set<String> wanted = new HashSet<>();

  private Narrowing(List<Line> values) {
    this.values = values;
  }

  /** The lines of values that depend on a parameter or stand in a formula of a gradient; a remark says if others do not. */
  static List<Line> of(Derivation derivation) {
    Narrowing narrowing = new Narrowing(derivation.values());
    Set<String> parameters =
        derivation.results().values().stream()
            .map(result -> result.parameter().text())
            .collect(Collectors.toSet());
    narrowing.addDependents(parameters);
    derivation.gradients().stream()
        .flatMap(Narrowing::formulas)
        .flatMap(Formula::names)
        .filter(name -> !name.gradient())
        .forEach(name -> narrowing.wanted.add(name.text()));
    List<Line> kept = narrowing.kept();
    if (kept.size() < derivation.values().size()) {
      kept.addLast(
          Remarks.of(
              0,
              "values that neither depend on "
                  + String.join(", ", parameters.stream().sorted().toList())
                  + " nor stand in a line below are left out"));
    }
    return kept;
  }

  private static Stream<Formula> formulas(Line line) {
    return line instanceof Line.Equation equation
        ? Stream.concat(Stream.of(equation.right()), equation.whole().stream())
        : line.formulas();
  }

  /** A value of a recurrence may depend on one that stands below it. */
  private void addDependents(Set<String> parameters) {
    Set<String> dependent = new HashSet<>(parameters);
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Line line : values) {
        if (line instanceof Line.Equation equation
            && equation.right().names().anyMatch(name -> dependent.contains(name.text()))) {
          grown |= dependent.add(equation.left().text());
        }
      }
    }
    wanted.addAll(dependent);
  }

  /** Wanted lines, the heads of recurrences that have some, and what is remarked on them. */
  private List<Line> kept() {
    List<Line> kept = new ArrayList<>();
    boolean above = false;
    for (int i = 0; i < values.size(); i++) {
      Line line = values.get(i);
      above =
          switch (line) {
            case Line.Equation equation -> wanted.contains(equation.left().text());
            case Line.Steps steps -> hasWanted(i + 1, steps.depth());
            case Line.Jacobian _, Line.Unrolled _, Line.Remark _ -> above;
          };
      if (above) {
        kept.add(line);
      }
    }
    return kept;
  }

  private boolean hasWanted(int from, int depth) {
    return values.subList(from, values.size()).stream()
        .takeWhile(line -> line.depth() > depth)
        .anyMatch(line ->
            line instanceof Line.Equation equation && wanted.contains(equation.left().text()));
  }
}
