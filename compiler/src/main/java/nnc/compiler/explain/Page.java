package nnc.compiler.explain;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A derivation from top to bottom; how each part looks is up to the kind of page. */
abstract sealed class Page permits TextPage, MathPage {
  /** What is written out goes below the step form up to this size. */
  private static final int LONGEST = 24;

  final void write(Derivation derivation) {
    legend(Legend.of(derivation));
    section("What is computed", derivation.values());
    section("Gradients, from the loss on", derivation.gradients());
    results(derivation.results().values());
    rules(derivation.rules());
  }

  abstract void section(String title, Collection<Line> lines);

  abstract void results(Collection<Derivation.Result> results);

  abstract void rules(Collection<Rule> rules);

  abstract void legend(List<Legend.Entry> entries);

  /** Whether a result has a form over values alone that is worth a line. */
  static boolean isWrittenOut(Derivation.Result result) {
    return result.whole().isPresent()
        && result.whole().get().size() <= LONGEST
        && !(result.whole().get() instanceof Formula.Name)
        && !result.whole().get().equals(result.steps());
  }

  static String equation(Rule.Share share, Notation notation) {
    return notation.write(share.left()) + " = " + notation.write(share.right());
  }

  /** What stands behind an equation: the rules that were applied, else the shape, and the line of the model. */
  static String remark(Line.Equation equation) {
    String rules = String.join(", ", equation.rules());
    String place = equation.place().map(span -> span.place()).orElse("");
    return (rules.isEmpty() ? equation.shape() : rules) + (place.isEmpty() ? "" : "  " + place);
  }

  static String shares(Rule rule, Notation notation) {
    return rule.shares().stream()
        .map(share -> equation(share, notation))
        .collect(Collectors.joining(notation.comma()));
  }
}
