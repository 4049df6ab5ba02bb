package nnc.cli.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nnc.cli.view.PageData.MathLine;
import nnc.cli.view.PageData.Section;
import nnc.compiler.explain.Derivation;
import nnc.compiler.explain.Formula;
import nnc.compiler.explain.Line;
import nnc.compiler.explain.Notation;
import nnc.compiler.explain.Rule;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.source.Span;

/** The derivation of the gradient, each line with the value that it defines. */
final class Mathematics {
  /** No reader follows a longer line: its beginning is shown, as plain text. */
  private static final int LONGEST = 3000;

  private final Origins origins;
  private final Graphs graphs;
  private final List<MathLine> lines = new ArrayList<>();
  private final Map<String, List<Node>> labelled = new HashMap<>();

  /** @param graphs with the gradient as its last stage */
  Mathematics(Origins origins, Graphs graphs) {
    this.origins = origins;
    this.graphs = graphs;
    for (Node node : graphs.nodes()) {
      node.label()
          .ifPresent(
              label -> labelled.computeIfAbsent(label, ignored -> new ArrayList<>()).add(node));
    }
  }

  /** Nothing for a model without a loss. */
  List<MathLine> of(Graph gradient) {
    if (!gradient.roots().containsKey("loss")) {
      return List.of();
    }
    Derivation derivation = Derivation.of(gradient, Derivation.gradients(gradient));
    derivation.values().forEach(line -> add(Section.VALUES, line));
    derivation.gradients().forEach(line -> add(Section.GRADIENTS, line));
    derivation.results().forEach((root, result) -> result(gradient.root(root), result));
    derivation.rules().forEach(this::rule);
    return lines;
  }

  private void add(Section section, Line line) {
    switch (line) {
      case Line.Equation equation ->
          add(
              section,
              equation.depth(),
              notation -> equation(equation, notation),
              equation.rules(),
              equation.place().map(origins::place),
              equation
                  .place()
                  .flatMap(place -> defined(equation.left(), place))
                  .flatMap(graphs::number));
      case Line.Steps steps -> add(section, steps.depth(), notation -> steps(steps, notation));
      case Line.Jacobian jacobian ->
          add(section, jacobian.depth(), notation -> jacobian(jacobian, notation));
      case Line.Remark remark ->
          add(
              section,
              remark.depth(),
              notation ->
                  (notation == Notation.LATEX ? "\\rightarrow\\; " : "→ ") + remark.text(notation));
      case Line.Unrolled unrolled ->
          add(
              section,
              unrolled.depth(),
              notation ->
                  notation == Notation.LATEX
                      ? unrolled.latex()
                      : unrolled.sum() + "; " + unrolled.meaning());
    }
  }

  private void add(Section section, int depth, Function<Notation, String> line) {
    add(section, depth, line, List.of(), Optional.empty(), Optional.empty());
  }

  private void add(
      Section section,
      int depth,
      Function<Notation, String> line,
      List<String> rules,
      Optional<Integer> place,
      Optional<Integer> node) {
    String text = line.apply(Notation.TEXT);
    boolean tooLong = text.length() > LONGEST;
    lines.add(
        new MathLine(
            section,
            depth,
            tooLong ? "" : line.apply(Notation.LATEX),
            tooLong ? text.substring(0, LONGEST) + " …" : text,
            rules,
            place,
            node));
  }

  private static String equation(Line.Equation line, Notation notation) {
    return notation.write(line.left())
        + " = "
        + notation.side(line.right())
        + line.whole().map(whole -> " = " + notation.side(whole)).orElse("");
  }

  private static String steps(Line.Steps line, Notation notation) {
    String form =
        notation == Notation.LATEX
            ? "\\text{for } %s = %d \\ldots %d\\text{:}"
            : "for %s = %d … %d:";
    return form.formatted(line.step(), line.first(), line.last());
  }

  private static String jacobian(Line.Jacobian line, Notation notation) {
    String form =
        notation == Notation.LATEX
            ? "v \\cdot \\frac{\\partial %s}{\\partial %s} = %s"
            : "v · ∂%s/∂%s = %s";
    return form.formatted(
        notation.write(line.state()), notation.write(line.by()), notation.write(line.product()));
  }

  /** The value of that name that comes from that place. */
  private Optional<Node> defined(Formula.Name name, Span place) {
    String label = name.gradient() ? "d_" + name.text() : name.text();
    return labelled.getOrDefault(label, List.of()).stream()
        .filter(node -> node.place().filter(place::equals).isPresent())
        .findFirst();
  }

  private void result(Node gradient, Derivation.Result result) {
    add(
        Section.RESULTS,
        0,
        notation -> {
          String form =
              notation == Notation.LATEX
                  ? "\\frac{\\partial\\,\\mathit{loss}}{\\partial %s} = %s"
                  : "∂loss/∂%s = %s";
          return form.formatted(notation.write(result.parameter()), notation.write(result.steps()));
        },
        List.of(),
        gradient.place().map(origins::place),
        graphs.number(gradient));
  }

  private void rule(Rule rule) {
    add(
        Section.RULES,
        0,
        notation -> {
          boolean latex = notation == Notation.LATEX;
          List<String> shares =
              rule.shares().stream().map(share -> equation(share, notation)).toList();
          return equation(rule.result(), notation)
              + (shares.isEmpty() ? "" : latex ? " \\;\\Rightarrow\\; " : "   ⇒   ")
              + String.join(latex ? ",\\; " : ",  ", shares);
        },
        List.of(rule.op()),
        Optional.empty(),
        Optional.empty());
  }

  private static String equation(Rule.Share share, Notation notation) {
    return notation.write(share.left()) + " = " + notation.write(share.right());
  }
}
