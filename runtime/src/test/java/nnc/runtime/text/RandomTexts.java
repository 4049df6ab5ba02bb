package nnc.runtime.text;

import java.util.Random;

/** Texts that nobody writes. */
final class RandomTexts {
  private static final String FREQUENT =
      "aaabcnst'''  \t\n\r\u00a0\u3000\u2028éß’“1٣²Ⅷ!?-…ñдяжא漢字日本語हि한😀👍🏽𝒳\u0301";

  private RandomTexts() {}

  /** Any code points, of all planes, but no surrogates. */
  static String ofAllPlanes(Random random, int length) {
    return random
        .ints(0, Character.MAX_CODE_POINT + 1)
        .filter(each -> Character.getType(each) != Character.SURROGATE)
        .limit(length)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /**
   * Letters, digits, marks and white space of several scripts, that repeat often enough to be merged, and between them other
   * code points from before U+0250: all of them are the same to every version of Unicode.
   */
  static String mixed(Random random, int length) {
    int[] frequent = FREQUENT.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      if (random.nextInt(10) > 0) {
        text.appendCodePoint(frequent[random.nextInt(frequent.length)]);
      } else {
        text.appendCodePoint(random.nextInt(0x250));
      }
    }
    return text.toString();
  }
}
