package nnc.runtime;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A strict cursor over the JSON (RFC 8259) of a safetensors header. It reads what the caller asks
 * for and refuses everything else, so that it never recurses: however deep a text is nested, the
 * first bracket that the format has no place for ends the reading. A name that occurs twice in an
 * object is refused, for two readers would disagree about it.
 */
final class SafetensorsJson {
  private final String file;
  private final String text;
  private int at;

  /**
   * @param file the file's name, for errors
   */
  SafetensorsJson(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /** Reads an object; {@code field} is called after each name and must read exactly the value. */
  void object(Consumer<String> field) {
    expect('{');
    if (next('}')) {
      return;
    }
    Set<String> seen = new HashSet<>();
    do {
      int place = skipSpace();
      String name = string();
      if (!seen.add(name)) {
        at = place;
        throw malformed("each name once", "a second " + Quoted.text(name));
      }
      expect(':');
      field.accept(name);
    } while (next(','));
    expect('}');
  }

  /** Reads an array; {@code element} is called before each element and must read exactly it. */
  void array(Runnable element) {
    expect('[');
    if (next(']')) {
      return;
    }
    do {
      element.run();
    } while (next(','));
    expect(']');
  }

  /** Reads a whole number that fits in 64 bits. */
  long integer() {
    int start = skipSpace();
    int end = start;
    while (end < text.length() && "+-.0123456789eE".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    String number = text.substring(start, end);
    String digits = number.startsWith("-") ? number.substring(1) : number;
    boolean whole = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!whole || (digits.length() > 1 && digits.startsWith("0"))) {
      throw malformed("a whole number", number.isEmpty() ? found() : Quoted.text(number));
    }
    try {
      long value = Long.parseLong(number);
      at = end;
      return value;
    } catch (NumberFormatException tooLarge) {
      throw malformed("a whole number below 2^63", Quoted.text(number));
    }
  }

  /** Reads a string. */
  String string() {
    skipSpace();
    if (at >= text.length() || text.charAt(at) != '"') {
      throw malformed("a string", found());
    }
    at++;
    StringBuilder string = new StringBuilder();
    while (true) {
      if (at >= text.length()) {
        throw malformed("'\"'", found());
      }
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return string.toString();
      } else if (c < 0x20) {
        throw malformed("control characters in a string to be escaped", found());
      } else if (c == '\\') {
        escaped(string);
      } else {
        string.append(c);
        at++;
      }
    }
  }

  /** Nothing but white space may follow. */
  void end() {
    if (skipSpace() < text.length()) {
      throw malformed("nothing but spaces after the last '}'", found());
    }
  }

  private void escaped(StringBuilder string) {
    char c = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      string.append("\"\\/\b\f\n\r\t".charAt(plain));
      at += 2;
      return;
    }
    char unit = codeUnit();
    string.append(unit);
    if (Character.isHighSurrogate(unit)) {
      char low = codeUnit();
      if (!Character.isLowSurrogate(low)) {
        at -= 6;
        throw malformed("the second half of a surrogate pair", found());
      }
      string.append(low);
    } else if (Character.isLowSurrogate(unit)) {
      at -= 6;
      throw malformed("the first half of a surrogate pair", found());
    }
  }

  /** Reads a backslash, a u and four hexadecimal digits. */
  private char codeUnit() {
    int value = 0;
    boolean fits = at + 6 <= text.length() && text.startsWith("\\u", at);
    for (int i = at + 2; fits && i < at + 6; i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
      fits = digit >= 0;
      value = value * 16 + digit;
    }
    if (!fits) {
      throw malformed(
          "an escape of JSON", Quoted.text(text.substring(at, Math.min(text.length(), at + 6))));
    }
    at += 6;
    return (char) value;
  }

  private void expect(char wanted) {
    if (!next(wanted)) {
      throw malformed("'" + wanted + "'", found());
    }
  }

  private boolean next(char wanted) {
    if (skipSpace() < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private int skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private String found() {
    return at < text.length() ? Quoted.text(text.substring(at, at + 1)) : "the header's end";
  }

  private TensorFileException malformed(String expected, String found) {
    return new TensorFileException(
        file,
        "",
        expected + " at character " + at + " of the header",
        found,
        SafetensorsHeader.DAMAGED);
  }
}
