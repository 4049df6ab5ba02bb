package nnc.data;

/**
 * Numbers as data files write them: {@code 12}, {@code -0.5}, {@code .5}, {@code 1e-3}. Java's own
 * parser would also take {@code 1f}, {@code 0x1p3} and {@code NaN}, which in a file of data are
 * mistakes.
 */
final class Decimal {
  private Decimal() {}

  static boolean isDecimal(String text) {
    int mantissa = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
    int point = digitsEnd(text, mantissa);
    int end =
        point < text.length() && text.charAt(point) == '.' ? digitsEnd(text, point + 1) : point;
    boolean hasDigits = point > mantissa || end > point + 1;
    return hasDigits && (end == text.length() || isExponent(text, end));
  }

  /** What spreadsheets and numpy write for a missing or overflown number. */
  static boolean isNotFinite(String text) {
    String word = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
    return word.equalsIgnoreCase("nan")
        || word.equalsIgnoreCase("inf")
        || word.equalsIgnoreCase("infinity");
  }

  private static boolean isExponent(String text, int at) {
    if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
      return false;
    }
    boolean signed =
        at + 1 < text.length() && (text.charAt(at + 1) == '+' || text.charAt(at + 1) == '-');
    int digits = signed ? at + 2 : at + 1;
    int end = digitsEnd(text, digits);
    return end > digits && end == text.length();
  }

  private static int digitsEnd(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
