package nnc.compiler.explain;

import java.util.List;
import nnc.compiler.ir.Algebra.Comparison;

/** {@code δz = (e / s − [hot]) / B}. */
final class TextNotation extends Notation {
  @Override
  String name(Formula.Name name) {
    String time = name.time().isEmpty() ? "" : "[" + name.time().replace("-", "−") + "]";
    return (name.gradient() ? "δ" : "") + name.text() + time;
  }

  @Override
  String divisor(Formula under) {
    return at(under, Level.ATOM);
  }

  @Override
  String power(String base, Formula exponent) {
    if (exponent instanceof Formula.Number(double value)) {
      if (value == 2 || value == 3) {
        return base + (value == 2 ? "²" : "³");
      }
      if (value == 0.5) {
        return "√" + base;
      }
    }
    return base
        + "^"
        + (exponent instanceof Formula.Number ? write(exponent) : at(exponent, Level.ATOM));
  }

  @Override
  String call(String function, List<String> arguments) {
    return switch (function) {
      case "abs" -> "|" + arguments.getFirst() + "|";
      case "sigmoid" -> "σ(" + arguments.getFirst() + ")";
      case "sqrt" -> "√(" + arguments.getFirst() + ")";
      default -> function + "(" + String.join(", ", arguments) + ")";
    };
  }

  @Override
  String whole(String function, List<String> arguments) {
    return function + "(" + String.join(", ", arguments) + ")";
  }

  @Override
  String lookup(String table, String ids) {
    return table + "[" + ids + "]";
  }

  @Override
  String turned(String operand) {
    return operand + "ᵀ";
  }

  @Override
  String fold(String function, String axes, String of) {
    String sign = function.equals("sum") ? "Σ" : function;
    return sign + (axes.isEmpty() ? "" : "_" + axes) + " " + of;
  }

  @Override
  String fraction(String over, String under, boolean several) {
    return over + " / " + (several ? parentheses(under) : under);
  }

  @Override
  String choice(String condition, String yes, String no) {
    return yes + " where " + condition + " else " + no;
  }

  @Override
  String indicator(String condition) {
    return "[" + condition + "]";
  }

  @Override
  String comparison(Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> "=";
      case NOT_EQUAL -> "≠";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "≤";
    };
  }

  @Override
  String word(String word) {
    return word;
  }

  @Override
  String words(String text) {
    return text;
  }

  @Override
  String comma() {
    return ",  ";
  }

  @Override
  String parentheses(String text) {
    return "(" + text + ")";
  }

  @Override
  String minus() {
    return "−";
  }

  @Override
  String times() {
    return " · ";
  }

  @Override
  String scalar() {
    return "·";
  }

  @Override
  String elementwise() {
    return " ⊙ ";
  }
}
