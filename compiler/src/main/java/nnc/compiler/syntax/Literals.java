package nnc.compiler.syntax;

import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.Token;

/** Reads names, numbers and texts. */
final class Literals {
  private final SyntaxErrors errors;

  Literals(SyntaxErrors errors) {
    this.errors = errors;
  }

  Ast.Expression operand(Token token) {
    return switch (token.getType()) {
      case NnParser.NUMBER -> number(token);
      case NnParser.TEXT -> new Ast.TextLiteral(text(token), errors.span(token));
      case NnParser.IDENT -> new Ast.NameReference(token.getText(), errors.span(token));
      default -> throw new IllegalStateException("no operand: " + token.getText());
    };
  }

  Ast.NumberLiteral number(Token token) {
    String digits = token.getText().replace("_", "");
    boolean integer = digits.chars().allMatch(Character::isDigit);
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      errors.report(
          Diagnostic.at(errors.span(token), "syntax", "this number is too large")
              .note("the largest is about 1.8e308"));
    }
    return new Ast.NumberLiteral(value, integer, errors.span(token));
  }

  /** The text between the quotes, with its escapes resolved. */
  String text(Token token) {
    String quoted = token.getText();
    int end = quoted.length() > 1 && quoted.endsWith("\"") ? quoted.length() - 1 : quoted.length();
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < end; i++) {
      char c = quoted.charAt(i);
      if (c == '\\' && i + 1 < end) {
        i++;
        text.append(escaped(quoted.charAt(i), token.getStartIndex() + i));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private char escaped(char c, int offset) {
    return switch (c) {
      case '"', '\\' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      default -> {
        Span span = new Span(errors.source(), offset - 1, offset + 1);
        errors.report(
            Diagnostic.at(span, "syntax", "unknown escape '\\" + c + "' in a text")
                .help("known are \\\" \\\\ \\n \\t; a backslash itself is written \\\\"));
        yield c;
      }
    };
  }
}
