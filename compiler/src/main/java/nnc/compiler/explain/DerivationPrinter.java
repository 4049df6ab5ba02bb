package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A derivation as text, as Markdown with mathematics, or as LaTeX. */
public final class DerivationPrinter {
  /** What is written out goes below the step form up to this size. */
  private static final int LONGEST = 60;

  private static final int GAP = 3;

  private DerivationPrinter() {}

  public static String text(Derivation derivation) {
    StringBuilder text = new StringBuilder();
    section("What is computed", derivation.values(), text);
    section("Gradients, from the loss on: δx is ∂loss/∂x", derivation.gradients(), text);
    text.append("\nResults\n");
    derivation
        .results()
        .values()
        .forEach(result -> {
          String left = "  ∂loss/∂" + result.parameter().text();
          text.append(left).append(" = ").append(Notation.TEXT.write(result.steps())).append('\n');
          if (isWrittenOut(result)) {
            text.append(" ".repeat(left.length()))
                .append(" = ")
                .append(Notation.TEXT.write(result.whole()))
                .append('\n');
          }
        });
    text.append("\nRules, for y = op(a, b, c)\n");
    derivation.rules().forEach(rule -> text.append("  ").append(rule(rule)).append('\n'));
    return text.toString();
  }

  private static boolean isWrittenOut(Derivation.Result result) {
    return result.whole().size() <= LONGEST
        && !(result.whole() instanceof Formula.Name)
        && !result.whole().equals(result.steps());
  }

  private static String rule(Rule rule) {
    return "%-14s %s   ⇒   %s"
        .formatted(
            rule.op(),
            equation(rule.result()),
            rule.shares().isEmpty()
                ? "nothing flows"
                : rule.shares().stream()
                    .map(DerivationPrinter::equation)
                    .collect(Collectors.joining(",  ")));
  }

  private static String equation(Rule.Share share) {
    return Notation.TEXT.write(share.left()) + " = " + Notation.TEXT.write(share.right());
  }

  private static void section(String title, Collection<Line> lines, StringBuilder text) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(title).append('\n');
    List<String[]> rows = new ArrayList<>();
    for (Line line : lines) {
      rows.add(row(line));
    }
    int width =
        rows.stream().mapToInt(row -> row[0].length()).filter(each -> each <= 90).max().orElse(0);
    for (String[] row : rows) {
      text.append(
              (row[0] + " ".repeat(Math.max(0, width - row[0].length()) + GAP) + row[1])
                  .stripTrailing())
          .append('\n');
    }
  }

  /** What it says, and where it comes from. */
  private static String[] row(Line line) {
    return switch (line) {
      case Line.Equation equation -> {
        String said =
            indent(equation.depth())
                + Notation.TEXT.write(equation.left())
                + " = "
                + Notation.TEXT.side(equation.right());
        String place = equation.place().map(span -> span.place()).orElse("");
        String rules = String.join(", ", equation.rules());
        yield new String[] {
          said, rules.isEmpty() ? equation.shape() + "  " + place : rules + "  " + place
        };
      }
      case Line.Steps steps ->
          new String[] {
            indent(steps.depth())
                + "for "
                + steps.step()
                + " = "
                + steps.first()
                + " … "
                + steps.last()
                + ":",
            ""
          };
      case Line.Jacobian jacobian ->
          new String[] {
            indent(jacobian.depth())
                + "v · ∂"
                + Notation.TEXT.write(jacobian.state())
                + "/∂"
                + Notation.TEXT.write(jacobian.by())
                + " = "
                + Notation.TEXT.write(jacobian.product()),
            "Jacobian of a step"
          };
    };
  }

  private static String indent(int depth) {
    return "  ".repeat(depth + 1);
  }
}
