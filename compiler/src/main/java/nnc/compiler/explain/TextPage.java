package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lines of text, the rules in a column of their own. */
final class TextPage extends Page {
  /** From here on a line is broken. */
  private static final int WIDTH = 110;

  /** Longer lines have their rule right behind them. */
  private static final int COLUMN = 90;

  private static final int GAP = 3;

  /** What would go beyond stands on a line of its own. */
  private static final int MARGIN = 120;

  private final StringBuilder text = new StringBuilder();

  /** The lines of one formula, and what stands behind the last. */
  private record Row(List<String> lines, String remark) {
    int width() {
      return lines.getLast().length();
    }
  }

  String print(Derivation derivation) {
    write(derivation);
    return text.toString();
  }

  @Override
  void section(String title, Collection<Line> lines) {
    head(title);
    List<Row> rows = lines.stream().flatMap(line -> rows(line).stream()).toList();
    int width =
        rows.stream()
            .filter(row -> !row.remark().isEmpty())
            .mapToInt(Row::width)
            .filter(each -> each <= COLUMN)
            .max()
            .orElse(0);
    for (Row row : rows) {
      row.lines().subList(0, row.lines().size() - 1).forEach(this::line);
      String last = row.lines().getLast();
      int room = MARGIN - row.remark().length();
      int column = Math.min(Math.max(width, last.length()) + GAP, Math.max(room, 0));
      if (column < last.length() + GAP && !row.remark().isEmpty()) {
        line(last);
        last = "";
      }
      line(last + " ".repeat(column - last.length()) + row.remark());
    }
  }

  private void head(String title) {
    line((text.isEmpty() ? "" : "\n") + title);
  }

  private void line(String line) {
    text.append(line.stripTrailing()).append('\n');
  }

  private static List<Row> rows(Line line) {
    String indent = "  ".repeat(line.depth() + 1);
    return switch (line) {
      case Line.Equation equation -> {
        String left = indent + Notation.TEXT.write(equation.left());
        List<Row> rows = new ArrayList<>();
        rows.add(
            new Row(broken(left + " = ", Notation.TEXT.side(equation.right())), remark(equation)));
        equation
            .whole()
            .ifPresent(whole ->
                rows.add(
                    new Row(
                        broken(" ".repeat(left.length()) + " = ", Notation.TEXT.side(whole)), "")));
        yield rows;
      }
      case Line.Steps steps ->
          List.of(
              new Row(
                  List.of(
                      "%sfor %s = %d … %d:"
                          .formatted(indent, steps.step(), steps.first(), steps.last())),
                  ""));
      case Line.Jacobian jacobian ->
          List.of(
              new Row(
                  broken(
                      indent
                          + "v · ∂"
                          + Notation.TEXT.write(jacobian.state())
                          + "/∂"
                          + Notation.TEXT.write(jacobian.by())
                          + " = ",
                      Notation.TEXT.write(jacobian.product())),
                  "Jacobian of a step"));
      case Line.Unrolled unrolled ->
          List.of(
              new Row(List.of(indent + unrolled.sum()), "all steps at once"),
              new Row(broken(indent + "  → ", unrolled.meaning()), ""));
      case Line.Remark remark ->
          List.of(new Row(broken(indent + "  → ", remark.text(Notation.TEXT)), ""));
    };
  }

  private static List<String> broken(String left, String right) {
    return Breaks.lines(left, right, WIDTH);
  }

  @Override
  void results(Collection<Derivation.Result> results) {
    head("Results");
    for (Derivation.Result result : results) {
      String left = "  ∂loss/∂" + Notation.TEXT.write(result.parameter());
      broken(left + " = ", Notation.TEXT.write(result.steps())).forEach(this::line);
      if (isWrittenOut(result)) {
        broken(" ".repeat(left.length()) + " = ", Notation.TEXT.write(result.whole().orElseThrow()))
            .forEach(this::line);
      }
    }
  }

  @Override
  void rules(Collection<Rule> rules) {
    head("Rules, for y = op(a, b, c)");
    int op = rules.stream().mapToInt(rule -> rule.op().length()).max().orElse(0);
    int result =
        rules.stream()
            .mapToInt(rule -> equation(rule.result(), Notation.TEXT).length())
            .max()
            .orElse(0);
    String layout = "  %-" + Math.max(1, op) + "s   %-" + Math.max(1, result) + "s   ⇒   %s";
    for (Rule rule : rules) {
      line(
          layout.formatted(
              rule.op(), equation(rule.result(), Notation.TEXT), shares(rule, Notation.TEXT)));
    }
  }

  @Override
  void legend(List<Legend.Entry> entries) {
    head("Signs");
    int width = entries.stream().mapToInt(entry -> entry.sign().length()).max().orElse(0);
    for (Legend.Entry entry : entries) {
      line(("  %-" + width + "s   %s").formatted(entry.sign(), entry.meaning()));
    }
  }
}
