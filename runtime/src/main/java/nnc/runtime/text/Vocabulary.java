package nnc.runtime.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Ids for the symbols of a text, and back. Ids from 0 to 3 are the same in all vocabularies, {@link #FIRST} is the first that
 * stands for a symbol. Immutable, and safe to share between threads.
 *
 * <p>No text encodes to {@link #PADDING}, {@link #START} or {@link #END}: whoever needs them puts them there. A lone surrogate,
 * which is no character, counts as U+FFFD in all texts.
 */
public abstract sealed class Vocabulary permits Characters, Words, BytePairs {
  /** Fills up the shorter sequences of a batch. */
  public static final int PADDING = 0;

  /** Stands before the first symbol. */
  public static final int START = 1;

  /** Stands after the last symbol. */
  public static final int END = 2;

  /** A symbol that the vocabulary does not have. */
  public static final int UNKNOWN = 3;

  /** The first id that stands for a symbol. */
  public static final int FIRST = 4;

  static final List<String> SPECIAL = List.of("<pad>", "<start>", "<end>", "<unknown>");

  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();

  /** @param symbols texts of the ids from {@link #FIRST}, each of them once */
  Vocabulary(List<String> symbols) {
    List<String> all = new ArrayList<>(SPECIAL);
    all.addAll(symbols);
    tokens = List.copyOf(all);
    tokens.forEach(token -> ids.put(token, ids.size()));
    if (ids.size() < tokens.size()) {
      throw new IllegalArgumentException("a token stands twice in a vocabulary");
    }
  }

  /** The code points of the texts, the most frequent ones. A token is one code point. */
  public static Vocabulary characters(Iterable<String> texts, int most) {
    return Characters.learn(texts, most);
  }

  /**
   * The words of the texts, the most frequent ones. A word is a run of letters, digits and marks, with apostrophes inside of it
   * ({@code don't}, {@code o’clock}); of what is left, each character that is neither white space nor a control or format
   * character is a token by itself.
   *
   * @param lower whether texts are turned to lower case first, here and by {@link #encode}
   */
  public static Vocabulary words(Iterable<String> texts, int most, boolean lower) {
    return Words.learn(texts, most, lower);
  }

  /**
   * Learns from symbols that are cut already, such as tags.
   *
   * @param tokens one symbol each
   * @param most how many ids there are at most, the first four included
   * @param lower whether they are turned to lower case
   */
  public static Vocabulary tokens(Iterable<String> tokens, int most, boolean lower) {
    return Words.ofTokens(tokens, most, lower);
  }

  /**
   * Byte-pair encoding (Sennrich, Haddow, Birch 2016) of UTF-8, learned from the texts: the 256 bytes, then the pairs that are
   * most frequent, of those that stand at least twice. As in GPT-2, nothing is merged across the borders of the matches of
   *
   * <pre>{@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}</pre>
   *
   * <p>and a token is written in GPT-2's alphabet, in which Ġ is a space. Every text has ids, without {@link #UNKNOWN}, and
   * decodes to itself.
   */
  public static Vocabulary bpe(Iterable<String> texts, int most) {
    return BytePairs.learn(texts, most);
  }

  /**
   * A vocabulary that was {@link #write written}.
   *
   * @throws IllegalArgumentException that says what is wrong in which line
   */
  public static Vocabulary parse(String written) {
    return VocabularyFormat.parse(written);
  }

  /** What tokens are: {@code chars}, {@code words} or {@code bpe}. */
  public abstract String kind();

  /** Whether tokens are byte pairs, which are parts of words. */
  public final boolean isBytePairs() {
    return this instanceof BytePairs;
  }

  /** The ids of a text; {@link #UNKNOWN} for what the vocabulary does not have. */
  public abstract int[] encode(CharSequence text);

  /** The parts of a text that {@link #encode} looks up and may not find. */
  abstract Stream<String> cut(CharSequence text);

  /** The symbols of a text that the vocabulary does not have, in their order, each as often as it stands there. */
  public final List<String> unknown(CharSequence text) {
    return cut(text).filter(symbol -> id(symbol).isEmpty()).toList();
  }

  /**
   * The text of ids. {@link #PADDING}, {@link #START} and {@link #END} are left out; {@link #UNKNOWN} becomes its token.
   *
   * @throws IllegalArgumentException if there is no such id
   */
  public abstract String decode(int... ids);

  /** What {@link #parse} reads. */
  public final String write() {
    return VocabularyFormat.write(this);
  }

  /** The kind and how it is made, for {@link VocabularyFormat}. */
  String form() {
    return kind();
  }

  /** How many ids there are, the four special ones included: all are smaller than this. */
  public final int size() {
    return tokens.size();
  }

  /**
   * The text of one id. Special ones are {@code <pad>}, {@code <start>}, {@code <end>} and {@code <unknown>}.
   *
   * @throws IllegalArgumentException if there is no such id
   */
  public final String token(int id) {
    if (id < 0 || id >= size()) {
      throw new IllegalArgumentException(
          "expected ids from 0 to "
              + (size() - 1)
              + ", for a vocabulary of "
              + size()
              + ", found "
              + id);
    }
    return tokens.get(id);
  }

  /** Whether a token is spelled like one of the ids below {@link #FIRST}, which stand for no symbol of a text. */
  public static boolean isSpecial(String token) {
    return SPECIAL.contains(token);
  }

  /** The id of a token, if there is one. */
  public final OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  final List<String> symbols() {
    return tokens.subList(FIRST, tokens.size());
  }

  final int idOrUnknown(String token) {
    return ids.getOrDefault(token, UNKNOWN);
  }

  /** The tokens of ids, without those that are no part of a text. */
  final List<String> spelled(int... ids) {
    List<String> spelled = new ArrayList<>(ids.length);
    for (int id : ids) {
      String token = token(id);
      if (id >= UNKNOWN) {
        spelled.add(token);
      }
    }
    return spelled;
  }

  /** The most frequent symbols; of those that are equally frequent, the first in the order of code points. */
  static List<String> mostFrequent(Map<String, Long> counts, int most) {
    if (most <= FIRST) {
      throw new IllegalArgumentException(
          "expected room for more than the " + FIRST + " special ids, found at most " + most);
    }
    Comparator<Map.Entry<String, Long>> byCount = Map.Entry.comparingByValue();
    return counts.entrySet().stream()
        .sorted(byCount.reversed().thenComparing(Map.Entry::getKey, Vocabulary::byCodePoints))
        .limit(most - FIRST)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static int byCodePoints(String one, String other) {
    return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
  }
}
