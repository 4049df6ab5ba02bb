package nnc.runtime.text;

/** Texts as sequences of characters. */
final class Unicode {
  private static final char REPLACEMENT = '\uFFFD';

  private Unicode() {}

  /** A text with U+FFFD for each surrogate that is not one of a pair. */
  static String repaired(CharSequence text) {
    String whole = text.toString();
    if (whole.codePoints().noneMatch(Unicode::isSurrogate)) {
      return whole;
    }
    return whole
        .codePoints()
        .map(each -> isSurrogate(each) ? REPLACEMENT : each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  /** Whether a character takes part in a line and can be seen there: no white space, no control or format character. */
  static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
