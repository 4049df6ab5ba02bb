package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Aligned equations, in a LaTeX document or in Markdown. */
final class MathPage extends Page {
  /** Sums that are longer than this, as text, are broken between terms. */
  private static final int WIDTH = 90;

  private static final String PREAMBLE =
      """
      \\documentclass{article}
      \\usepackage[a4paper,landscape,margin=15mm]{geometry}
      \\usepackage{amsmath}
      \\allowdisplaybreaks
      \\setlength{\\parindent}{0pt}
      \\begin{document}
      """;

  private final boolean document;
  private final StringBuilder text = new StringBuilder();

  private MathPage(boolean document) {
    this.document = document;
  }

  static String latex(Derivation derivation, String title) {
    MathPage page = new MathPage(true);
    page.text.append(PREAMBLE);
    page.text.append("\\section*{").append(LatexNotation.escaped(title)).append("}\n");
    page.write(derivation);
    page.text.append("\\end{document}\n");
    return page.text.toString();
  }

  static String markdown(Derivation derivation, String title) {
    MathPage page = new MathPage(false);
    page.text.append("# ").append(title).append('\n');
    page.write(derivation);
    return page.text.toString();
  }

  @Override
  void section(String title, Collection<Line> lines) {
    head(title);
    aligned(lines.stream().flatMap(line -> rows(line).stream()).toList());
  }

  private void head(String title) {
    text.append(document ? "\n\\subsection*{" : "\n## ")
        .append(title)
        .append(document ? "}\n" : "\n\n");
  }

  private void aligned(List<String> rows) {
    if (rows.isEmpty()) {
      return;
    }
    text.append(document ? "\\begin{align*}\n" : "$$\n\\begin{aligned}\n")
        .append(String.join(" \\\\\n", rows))
        .append(document ? "\n\\end{align*}\n" : "\n\\end{aligned}\n$$\n");
  }

  private static List<String> rows(Line line) {
    String indent = "\\quad ".repeat(line.depth());
    return switch (line) {
      case Line.Equation equation -> {
        List<String> rows =
            rows(
                indent + Notation.LATEX.write(equation.left()), equation.right(), remark(equation));
        equation.whole().ifPresent(whole -> rows.addAll(rows("", whole, "")));
        yield rows;
      }
      case Line.Steps steps ->
          List.of(
              "&%s\\text{for } %s = %d, \\ldots, %d\\text{:}"
                  .formatted(indent, steps.step(), steps.first(), steps.last()));
      case Line.Jacobian jacobian ->
          rows(
              indent
                  + "v\\, \\frac{\\partial "
                  + Notation.LATEX.write(jacobian.state())
                  + "}{\\partial "
                  + Notation.LATEX.write(jacobian.by())
                  + "}",
              jacobian.product(),
              "Jacobian of a step");
      case Line.Unrolled unrolled ->
          List.of(
              indent
                  + unrolled.latex().replaceFirst(" = ", " &= ")
                  + " && "
                  + Notation.LATEX.words(
                      unrolled.received() + ": what comes from outside" + unrolled.why()));
      case Line.Remark remark ->
          List.of("&" + indent + "\\rightarrow\\; " + remark.text(Notation.LATEX));
    };
  }

  private static List<String> rows(String left, Formula right, String remark) {
    List<String> rows = new ArrayList<>();
    List<String> parts = parts(right);
    for (int i = 0; i < parts.size(); i++) {
      rows.add((i == 0 ? left + " &= " : "&\\quad ") + parts.get(i));
    }
    if (!remark.isEmpty()) {
      rows.set(rows.size() - 1, rows.getLast() + " && " + Notation.LATEX.words(remark));
    }
    return rows;
  }

  /** The terms of a long sum, a line each time that it is full. */
  private static List<String> parts(Formula formula) {
    if (!(formula instanceof Formula.Sum sum) || Notation.TEXT.write(formula).length() <= WIDTH) {
      return List.of(Notation.LATEX.side(formula));
    }
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int width = 0;
    for (Formula term : sum.terms()) {
      int own = Notation.TEXT.write(term).length();
      if (width > 0 && width + own > WIDTH) {
        parts.add(part.toString());
        part.setLength(0);
        width = 0;
      }
      String written = Notation.LATEX.at(term, Notation.Level.PRODUCT);
      boolean first = parts.isEmpty() && part.isEmpty();
      part.append(first || written.startsWith("-") ? "" : " + ").append(written);
      width += own;
    }
    parts.add(part.toString());
    return parts;
  }

  @Override
  void results(Collection<Derivation.Result> results) {
    head("Results");
    List<String> rows = new ArrayList<>();
    for (Derivation.Result result : results) {
      String left =
          "\\frac{\\partial \\mathit{loss}}{\\partial "
              + Notation.LATEX.write(result.parameter())
              + "}";
      rows.addAll(rows(left, result.steps(), ""));
      if (isWrittenOut(result)) {
        rows.addAll(rows("", result.whole().orElseThrow(), ""));
      }
    }
    aligned(rows);
  }

  @Override
  void rules(Collection<Rule> rules) {
    head(document ? "Rules, for $y = \\mathrm{op}(a, b, c)$" : "Rules, for y = op(a, b, c)");
    aligned(
        rules.stream()
            .map(rule ->
                Notation.LATEX.words(rule.op())
                    + " && "
                    + equation(rule.result(), Notation.LATEX)
                    + " && \\Rightarrow && "
                    + shares(rule, Notation.LATEX))
            .toList());
  }

  @Override
  void legend(List<Legend.Entry> entries) {
    head("Signs");
    aligned(
        entries.stream()
            .map(entry -> entry.math() + " &\\quad " + Notation.LATEX.words(entry.meaning()))
            .collect(Collectors.toList()));
  }
}
