package nnc.compiler.source;

/**
 * A stretch of a line as a terminal shows it: tabs become spaces, what has no picture of its own (control characters,
 * unpaired surrogates, marks that turn the direction of the text) gets one, and every offset has a column.
 */
final class DisplayLine {
  private static final int TAB = 4;
  private static final int REPLACEMENT = 0xFFFD;
  private static final int CONTROL_PICTURES = 0x2400;

  private final String text;
  private final int from;
  private final int[] columns;

  private DisplayLine(String text, int from, int[] columns) {
    this.text = text;
    this.from = from;
    this.columns = columns;
  }

  /** @param cutBefore whether an ellipsis shows that the line begins earlier; cutAfter: that it goes on */
  static DisplayLine of(String source, int from, int to, boolean cutBefore, boolean cutAfter) {
    StringBuilder text = new StringBuilder(cutBefore ? "…" : "");
    int column = text.length();
    int[] columns = new int[to - from + 1];
    for (int i = from; i < to; ) {
      int codePoint = source.codePointAt(i);
      int size = Math.min(Character.charCount(codePoint), to - i);
      int width = codePoint == '\t' ? TAB - column % TAB : width(codePoint);
      for (int unit = 0; unit < size; unit++) {
        columns[i - from + unit] = column;
      }
      if (codePoint == '\t') {
        text.repeat(' ', width);
      } else {
        text.appendCodePoint(shown(codePoint));
      }
      column += width;
      i += size;
    }
    columns[to - from] = column;
    text.append(cutAfter ? "…" : "");
    return new DisplayLine(text.toString().stripTrailing(), from, columns);
  }

  String text() {
    return text;
  }

  /** The column of an offset of the source, counted from 0; what is outside of the stretch is at its nearer end. */
  int column(int offset) {
    return columns[Math.clamp(offset - from, 0, columns.length - 1)];
  }

  /** A message that quotes the user's text cannot move the cursor or change colours. */
  static String printable(String message) {
    StringBuilder printable = new StringBuilder(message.length());
    message.codePoints().forEach(codePoint -> printable.appendCodePoint(shown(codePoint)));
    return printable.toString();
  }

  private static int shown(int codePoint) {
    if (codePoint < ' ') {
      return CONTROL_PICTURES + codePoint;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          REPLACEMENT;
      default -> codePoint;
    };
  }

  private static int width(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(codePoint) ? 2 : 1;
  }

  /** Unicode's East Asian Width W and F, by blocks, and the pictographs. */
  private static boolean isWide(int c) {
    return c >= 0x1100
        && (c <= 0x115F
            || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF00 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1F64F)
            || (c >= 0x1F680 && c <= 0x1F6FF)
            || (c >= 0x1F900 && c <= 0x1F9FF)
            || (c >= 0x20000 && c <= 0x3FFFD));
  }
}
