package nnc.runtime.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A token is a code point. */
final class Characters extends Vocabulary {
  static final String FORM = "chars";

  /** The id of each code point up to the largest one. */
  private final int[] ids;

  Characters(List<String> symbols) {
    super(symbols);
    int[] codePoints = symbols.stream().mapToInt(symbol -> symbol.codePointAt(0)).toArray();
    ids = new int[Arrays.stream(codePoints).max().orElse(-1) + 1];
    Arrays.fill(ids, UNKNOWN);
    for (int i = 0; i < codePoints.length; i++) {
      ids[codePoints[i]] = FIRST + i;
    }
  }

  static Characters learn(Iterable<String> texts, int most) {
    Map<Integer, Long> codePoints = new HashMap<>();
    for (String text : texts) {
      Unicode.repaired(text).codePoints().forEach(each -> codePoints.merge(each, 1L, Long::sum));
    }
    Map<String, Long> counts = new HashMap<>();
    codePoints.forEach((codePoint, count) -> counts.put(Character.toString(codePoint), count));
    return new Characters(mostFrequent(counts, most));
  }

  @Override
  public String kind() {
    return FORM;
  }

  @Override
  Stream<String> cut(CharSequence text) {
    return Unicode.repaired(text).codePoints().mapToObj(Character::toString);
  }

  @Override
  public int[] encode(CharSequence text) {
    return Unicode.repaired(text)
        .codePoints()
        .map(codePoint -> codePoint < ids.length ? ids[codePoint] : UNKNOWN)
        .toArray();
  }

  @Override
  public String decode(int... ids) {
    return String.join("", spelled(ids));
  }
}
