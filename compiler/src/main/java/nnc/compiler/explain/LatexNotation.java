package nnc.compiler.explain;

import java.util.List;
import java.util.Set;
import nnc.compiler.ir.Algebra.Comparison;

/** {@code \delta_{z} = \frac{\frac{e}{s} - [\mathit{hot}]}{B}}, for the mathematics of LaTeX and KaTeX. */
final class LatexNotation extends Notation {
  private static final Set<String> COMMANDS =
      Set.of("exp", "log", "tanh", "sin", "cos", "max", "min");

  @Override
  String name(Formula.Name name) {
    String text = name.text();
    boolean between = text.endsWith("*");
    String bare = between ? text.substring(0, text.length() - 1) : text;
    String plain = bare.length() == 1 ? bare : "\\mathit{" + escaped(bare) + "}";
    String time = name.time().isEmpty() ? "" : "^{(" + name.time() + ")}";
    String delta = between ? "\\delta'" : "\\delta";
    return name.gradient() ? delta + "_{" + plain + "}" + time : plain + time;
  }

  private static String escaped(String text) {
    return text.replace("_", "\\_").replace("#", "\\#").replace("…", "\\ldots ");
  }

  @Override
  String divisor(Formula under) {
    return write(under);
  }

  @Override
  String power(String base, Formula exponent) {
    String whole = base.endsWith(")}") ? parentheses(base) : base; // it has a step above it already
    return whole + "^{" + write(exponent) + "}";
  }

  @Override
  String call(String function, List<String> arguments) {
    String inside = String.join(", ", arguments);
    return switch (function) {
      case "abs" -> "\\left|" + inside + "\\right|";
      case "sqrt" -> "\\sqrt{" + inside + "}";
      case "sigmoid" -> "\\sigma" + parentheses(inside);
      default ->
          (COMMANDS.contains(function)
                  ? "\\" + function
                  : "\\operatorname{" + escaped(function) + "}")
              + parentheses(inside);
    };
  }

  @Override
  String lookup(String table, String ids) {
    return table + "_{[" + ids + "]}";
  }

  @Override
  String turned(String operand) {
    return operand.endsWith(")}") ? "{" + operand + "}^{\\top}" : operand + "^{\\top}";
  }

  @Override
  String fold(String function, String axes, String of) {
    String operator =
        function.equals("sum")
            ? "\\sum"
            : function.equals("max") ? "\\max" : "\\operatorname*{" + function + "}";
    return operator
        + "_{"
        + (axes.length() == 1 ? axes : "\\mathrm{" + escaped(axes) + "}")
        + "} "
        + of;
  }

  @Override
  String fraction(String over, String under, boolean several) {
    return "\\frac{" + over + "}{" + under + "}";
  }

  @Override
  String choice(String condition, String yes, String no) {
    return "\\begin{cases} "
        + yes
        + " & "
        + condition
        + " \\\\ "
        + no
        + " & \\text{else} \\end{cases}";
  }

  @Override
  String indicator(String condition) {
    return "\\left[" + condition + "\\right]";
  }

  @Override
  String comparison(Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> "=";
      case NOT_EQUAL -> "\\neq";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "\\leq";
    };
  }

  @Override
  String word(String word) {
    return "\\;\\text{" + word + "}\\;";
  }

  @Override
  String parentheses(String text) {
    return "\\left(" + text + "\\right)";
  }

  @Override
  String minus() {
    return "-";
  }

  @Override
  String times() {
    return "\\, ";
  }

  @Override
  String scalar() {
    return " \\cdot ";
  }

  @Override
  String elementwise() {
    return " \\odot ";
  }
}
