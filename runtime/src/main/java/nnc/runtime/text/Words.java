package nnc.runtime.text;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A token is a word, or a character between words. */
final class Words extends Vocabulary {
  /** The name of the form whose texts are turned to lower case. */
  static final String LOWER = "words-lower";

  static final String AS_WRITTEN = "words";

  /** The group is possessive ({@code *+}), so that a long run of apostrophes does not recurse. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "[\\p{L}\\p{N}\\p{M}]+(?:['’][\\p{L}\\p{N}\\p{M}]+)*+|[^\\s\\p{Cc}\\p{Cf}]",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final boolean lower;

  Words(List<String> symbols, boolean lower) {
    super(symbols);
    this.lower = lower;
  }

  static Words learn(Iterable<String> texts, int most, boolean lower) {
    Map<String, Long> counts = new HashMap<>();
    for (String text : texts) {
      split(text, lower).forEach(token -> counts.merge(token, 1L, Long::sum));
    }
    return new Words(mostFrequent(counts, most), lower);
  }

  static Words ofTokens(Iterable<String> tokens, int most, boolean lower) {
    Map<String, Long> counts = new HashMap<>();
    for (String token : tokens) {
      counts.merge(lower ? token.toLowerCase(Locale.ROOT) : token, 1L, Long::sum);
    }
    return new Words(mostFrequent(counts, most), lower);
  }

  private static Stream<String> split(CharSequence text, boolean lower) {
    String repaired = Unicode.repaired(text);
    return TOKEN
        .matcher(lower ? repaired.toLowerCase(Locale.ROOT) : repaired)
        .results()
        .map(MatchResult::group);
  }

  @Override
  public String kind() {
    return "words";
  }

  @Override
  String form() {
    return lower ? LOWER : AS_WRITTEN;
  }

  @Override
  Stream<String> cut(CharSequence text) {
    return split(text, lower);
  }

  @Override
  public int[] encode(CharSequence text) {
    return cut(text).mapToInt(this::idOrUnknown).toArray();
  }

  /** Tokens with a space between each two. */
  @Override
  public String decode(int... ids) {
    return String.join(" ", spelled(ids));
  }
}
