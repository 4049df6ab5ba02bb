package nnc.compiler.explain;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nnc.compiler.ir.Algebra.Comparison;

/** {@code \delta_{z} = \frac{\frac{e}{s} - [\mathit{hot}]}{B}}, for the mathematics of LaTeX and KaTeX. */
final class LatexNotation extends Notation {
  private static final Set<String> COMMANDS =
      Set.of("exp", "log", "tanh", "sin", "cos", "max", "min");

  /** Signs that stand in words. */
  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("δ", "\\delta"),
          Map.entry("∂", "\\partial "),
          Map.entry("Σ", "\\sum"),
          Map.entry("⊙", "\\odot"),
          Map.entry("·", "\\cdot"),
          Map.entry("⁺", "^{+}"),
          Map.entry("≥", "\\geq"),
          Map.entry("⋯", "\\cdots"),
          Map.entry("…", "\\ldots"),
          Map.entry("−", "-"),
          Map.entry("ᵀ", "^{\\top}"));

  private static final Pattern NUMBERED = Pattern.compile("(.+?)_(\\d+)");

  @Override
  String name(Formula.Name name) {
    String time = name.time().isEmpty() ? "" : "^{(" + name.time() + ")}";
    String whole = plain(name.bare()) + time;
    String mark = name.isHandedBack() ? "^{+}" : name.isBefore() ? "^{*}" : "";
    return name.gradient() ? "\\delta" + mark + "_{" + whole + "}" : whole;
  }

  /** {@code u_2} is the second u. */
  private static String plain(String text) {
    Matcher numbered = NUMBERED.matcher(text);
    if (numbered.matches()) {
      return plain(numbered.group(1)) + "_{" + numbered.group(2) + "}";
    }
    return text.length() == 1 && Character.isLetter(text.charAt(0))
        ? text
        : "\\mathit{" + escaped(text) + "}";
  }

  /** Signs of LaTeX's own are written as such. */
  static String escaped(String text) {
    return text.replace("\\", "\\backslash ")
        .replaceAll("([_#%&${}])", "\\\\$1")
        .replace("…", "\\ldots ");
  }

  @Override
  String words(String text) {
    StringBuilder words = new StringBuilder("\\text{");
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(sign ->
            words.append(
                SIGNS.containsKey(sign) ? "\\(" + SIGNS.get(sign) + "\\)" : escaped(sign)));
    return words.append('}').toString();
  }

  @Override
  String comma() {
    return ",\\quad ";
  }

  @Override
  String divisor(Formula under) {
    return write(under);
  }

  @Override
  String power(String base, Formula exponent) {
    String whole = base.contains("^") && !base.startsWith("\\left") ? parentheses(base) : base;
    return raised(whole) + "^{" + write(exponent) + "}";
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
  String whole(String function, List<String> arguments) {
    return "\\operatorname{" + escaped(function) + "}" + parentheses(String.join(", ", arguments));
  }

  @Override
  String lookup(String table, String ids) {
    return table + "\\left[" + ids + "\\right]";
  }

  @Override
  String turned(String operand) {
    return raised(operand) + "^{\\top}";
  }

  /** What has something above it already is put together first. */
  private static String raised(String base) {
    return base.contains("^") ? "{" + base + "}" : base;
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
