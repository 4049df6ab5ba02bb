package nnc.runtime;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text out of a file, made fit for an error message: a file must not be able to write to the
 * terminal.
 */
public final class Quoted {
  private static final int LONGEST = 60;
  private static final int MOST = 8;

  private Quoted() {}

  /** The text {@link #plain} in single quotes. */
  public static String text(CharSequence text) {
    return "'" + plain(text) + "'";
  }

  /**
   * The text without quotes, at most 60 characters of it, with control characters and lone
   * surrogates escaped.
   */
  public static String plain(CharSequence text) {
    StringBuilder plain = new StringBuilder();
    int shown = Math.min(text.length(), LONGEST);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < shown
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        plain.append(c).append(text.charAt(++i));
      } else if (isPrintable(c)) {
        plain.append(c);
      } else {
        plain.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return plain.append(shown < text.length() ? "…" : "").toString();
  }

  /**
   * The first eight names, quoted: {@code 'a', 'b' and 3 more}; {@code nothing} if there are none.
   */
  public static String list(Collection<String> names) {
    if (names.isEmpty()) {
      return "nothing";
    }
    String shown = names.stream().limit(MOST).map(Quoted::text).collect(Collectors.joining(", "));
    return names.size() <= MOST ? shown : shown + " and " + (names.size() - MOST) + " more";
  }

  private static boolean isPrintable(char c) {
    // Format characters (direction overrides, zero widths) can make one name look like another.
    return !Character.isISOControl(c)
        && !Character.isSurrogate(c)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.LINE_SEPARATOR
        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
  }
}
