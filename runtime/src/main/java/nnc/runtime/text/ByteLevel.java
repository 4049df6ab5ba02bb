package nnc.runtime.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What byte-pair encoding sees of a text: bytes of UTF-8, in pre-tokens across whose borders nothing is merged; as in GPT-2
 * (Radford et al. 2019), so that other libraries read its merges.
 */
final class ByteLevel {
  static final int BYTES = 256;

  /**
   * GPT-2's pre-tokens: an ending after an apostrophe; letters, or numbers, or other visible characters, each with a space before
   * them if there is one; white space, of which the last space before a word is that word's.
   */
  private static final Pattern PRE_TOKEN =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private ByteLevel() {}

  /** The pre-tokens of a text; one after the other, they are the text. */
  static Stream<String> preTokens(CharSequence text) {
    return PRE_TOKEN.matcher(Unicode.repaired(text)).results().map(MatchResult::group);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * GPT-2's character for each byte: a byte that Latin-1 shows is its character there, the others are the characters from U+0100
   * in their order; so a space is Ġ.
   */
  static List<String> alphabet() {
    List<String> alphabet = new ArrayList<>();
    int next = BYTES;
    for (int value = 0; value < BYTES; value++) {
      boolean shown = value >= '!' && value <= '~' || value >= '¡' && value <= '¬' || value >= '®';
      alphabet.add(Character.toString(shown ? value : next++));
    }
    return alphabet;
  }
}
