package nnc.compiler.syntax;

import java.util.Map;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;

/** Characters that are no part of the language, and what their authors meant by them. */
final class UnknownCharacters {
  private static final Map<Integer, String> MEANT =
      Map.ofEntries(
          meant('\'', "a text stands in double quotes: \"…\""),
          meant('“', "a text stands in straight double quotes: \"…\""),
          meant('”', "a text stands in straight double quotes: \"…\""),
          meant('‘', "a text stands in straight double quotes: \"…\""),
          meant('’', "a text stands in straight double quotes: \"…\""),
          meant('`', "a text stands in double quotes: \"…\""),
          meant('#', "a comment begins with '//'"),
          meant('!', "'not' negates: not x; and 'a != b' compares"),
          meant('&', "write 'and'"),
          meant('|', "write 'or', or '|>' to hand a value on to a layer"),
          meant('?', "a choice is written where(condition, a, b)"),
          meant('\\', "a line goes on after an operator, or inside brackets"),
          meant('$', "a name consists of letters, digits and '_'"),
          meant('×', "write '*'"),
          meant('·', "write '*', or '@' for a matrix product"),
          meant('⋅', "write '*', or '@' for a matrix product"),
          meant('÷', "write '/'"),
          meant('−', "write '-'"),
          meant('–', "write '-'"),
          meant('—', "write '-'"),
          meant('≤', "write '<='"),
          meant('≥', "write '>='"),
          meant('≠', "write '!='"),
          meant('→', "write '|>' to hand a value on to a layer"),
          meant('∘', "write '*' for a product of elements, '@' for a matrix product"),
          meant('⊙', "write '*' for a product of elements"),
          meant('²', "write '^2'"),
          meant('³', "write '^3'"),
          meant('√', "write sqrt(x)"),
          meant('…', "write '...'"),
          meant('\u00A0', "this is a no-break space: write an ordinary one"),
          meant(
              '\uFEFF',
              "a byte order mark belongs at the very beginning of a file: delete this one"));

  private UnknownCharacters() {}

  private static Map.Entry<Integer, String> meant(int character, String remedy) {
    return Map.entry(character, remedy);
  }

  static Diagnostic describe(int codePoint, Span span) {
    String code = String.format("U+%04X", codePoint);
    String message =
        "unknown character "
            + (isVisible(codePoint) ? "'" + Character.toString(codePoint) + "' " : "")
            + code;
    Diagnostic diagnostic = Diagnostic.at(span, "syntax", message);
    String remedy = MEANT.get(codePoint);
    return remedy == null ? diagnostic : diagnostic.help(remedy);
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      default -> true;
    };
  }
}
