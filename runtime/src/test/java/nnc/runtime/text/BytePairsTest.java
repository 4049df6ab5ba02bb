package nnc.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BytePairsTest {
  private static List<String> tokens(Vocabulary vocabulary, String text) {
    return Arrays.stream(vocabulary.encode(text)).mapToObj(vocabulary::token).toList();
  }

  /** The example of the encyclopedias: Z = aa, Y = ab, X = ZY. */
  @Test
  void theMostFrequentPairBecomesOneIdAgainAndAgain() {
    Vocabulary vocabulary = Vocabulary.bpe(List.of("aaabdaaabac"), 1000);
    assertThat(vocabulary.size()).isEqualTo(4 + 256 + 3);
    assertThat(vocabulary.symbols()).endsWith("aa", "ab", "aaab");
    assertThat(tokens(vocabulary, "aaabdaaabac")).containsExactly("aaab", "d", "aaab", "a", "c");
    assertThat(tokens(vocabulary, "aaaaa")).containsExactly("aa", "aa", "a");
  }

  @Test
  void theNumberOfIdsIsAtMostWhatIsWanted() {
    assertThat(Vocabulary.bpe(List.of("aaabdaaabac"), 262).size()).isEqualTo(262);
    assertThat(Vocabulary.bpe(List.of("aaabdaaabac"), 260).size()).isEqualTo(260);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.bpe(List.of("a"), 259))
        .withMessage("expected room for the 4 special ids and 256 bytes, found at most 259");
  }

  /** Written with a bar at each border. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      quoteCharacter = '"',
      value = {
        "it's they'll I'D don’t    = it|'s| they|'ll| I|'|D| don|’|t",
        "abc123 12,5%  €!?         = abc|123| 12|,|5|%| | €!?",
        "\"a   b \"                = \"a|  | b| \"",
        "\"a\n\n b\u00a0c\"        = \"a|\n\n| b|\u00a0|c\"",
        "été cafe\u0301 हिन्दी²     = été| cafe|\u0301| ह|ि|न|्|द|ी|²",
      })
  void preTokensAreThoseOfGpt2(String text, String expected) {
    assertThat(ByteLevel.preTokens(text).toList()).containsExactly(expected.split("\\|"));
  }

  @Test
  void nothingIsMergedAcrossTheBordersOfPreTokens() {
    Vocabulary vocabulary = Vocabulary.bpe(List.of("to be, to be, to be"), 1000);
    assertThat(vocabulary.symbols()).endsWith("Ġb", "to", "Ġbe", "Ġto");
  }

  /** The algorithm as it is told, counting everything again for each merge. */
  private static List<Pair> slowly(List<String> texts, int most) {
    Map<List<Integer>, Integer> words = new HashMap<>();
    for (String text : texts) {
      ByteLevel.preTokens(text)
          .forEach(preToken -> {
            List<Integer> word = new ArrayList<>();
            for (byte each : ByteLevel.bytes(preToken)) {
              word.add(Vocabulary.FIRST + Byte.toUnsignedInt(each));
            }
            words.merge(word, 1, Integer::sum);
          });
    }
    List<Pair> merges = new ArrayList<>();
    while (merges.size() < most) {
      Map<Pair, Integer> counts = new TreeMap<>();
      words.forEach((word, count) -> {
        for (int i = 1; i < word.size(); i++) {
          counts.merge(new Pair(word.get(i - 1), word.get(i)), count, Integer::sum);
        }
      });
      int highest = counts.isEmpty() ? 0 : Collections.max(counts.values());
      if (highest < 2) {
        break;
      }
      Pair best =
          counts.keySet().stream().filter(each -> counts.get(each) == highest).findFirst().get();
      int id = BytePairs.FIRST_MERGE + merges.size();
      merges.add(best);
      Map<List<Integer>, Integer> old = Map.copyOf(words);
      words.clear();
      old.forEach((word, count) -> words.merge(merged(word, best, id), count, Integer::sum));
    }
    return merges;
  }

  private static List<Integer> merged(List<Integer> word, Pair pair, int id) {
    List<Integer> merged = new ArrayList<>();
    for (int i = 0; i < word.size(); i++) {
      boolean here =
          i + 1 < word.size() && word.get(i) == pair.left() && word.get(i + 1) == pair.right();
      merged.add(here ? id : word.get(i));
      i += here ? 1 : 0;
    }
    return merged;
  }

  @Test
  void mergesAndIdsAreThoseOfTheAlgorithmAsItIsTold() {
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      List<String> texts =
          Stream.generate(() -> RandomTexts.mixed(random, random.nextInt(300))).limit(4).toList();
      List<Pair> expected = slowly(texts, 60);
      BytePairs vocabulary = BytePairs.learn(texts, BytePairs.FIRST_MERGE + 60);
      assertThat(vocabulary.merges()).isEqualTo(expected);
      String other = RandomTexts.mixed(random, 100);
      assertThat(vocabulary.encode(other)).isEqualTo(slowIds(expected, other));
    }
  }

  /** All merges in their order, each wherever it can be made. */
  private static int[] slowIds(List<Pair> merges, String text) {
    return ByteLevel.preTokens(text)
        .flatMap(preToken -> {
          List<Integer> word = new ArrayList<>();
          for (byte each : ByteLevel.bytes(preToken)) {
            word.add(Vocabulary.FIRST + Byte.toUnsignedInt(each));
          }
          for (int i = 0; i < merges.size(); i++) {
            word = merged(word, merges.get(i), BytePairs.FIRST_MERGE + i);
          }
          return word.stream();
        })
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Test
  void theOrderOfTextsIsNothingToIt() {
    Random random = new Random(4);
    List<String> texts =
        new ArrayList<>(Stream.generate(() -> RandomTexts.mixed(random, 500)).limit(9).toList());
    String expected = Vocabulary.bpe(texts, 500).write();
    Collections.shuffle(texts, random);
    assertThat(Vocabulary.bpe(texts, 500).write()).isEqualTo(expected);
  }

  @Test
  void everyTextOfUnicodeDecodesToItself() {
    Random random = new Random(5);
    Vocabulary vocabulary = Vocabulary.bpe(List.of(RandomTexts.mixed(random, 20_000)), 2_000);
    for (int i = 0; i < 2_000; i++) {
      int length = random.nextInt(50);
      String text =
          i % 2 == 0 ? RandomTexts.ofAllPlanes(random, length) : RandomTexts.mixed(random, length);
      int[] ids = vocabulary.encode(text);
      assertThat(vocabulary.decode(ids)).isEqualTo(text);
      assertThat(ids).doesNotContain(Vocabulary.UNKNOWN);
    }
  }

  @Test
  void everyCodePointIsKnown() {
    StringBuilder all = new StringBuilder();
    for (int each = 0; each <= Character.MAX_CODE_POINT; each++) {
      if (Character.getType(each) != Character.SURROGATE) {
        all.appendCodePoint(each);
      }
    }
    Vocabulary bytes = Vocabulary.bpe(List.of(), 260);
    assertThat(bytes.decode(bytes.encode(all))).isEqualTo(all.toString());
  }

  @Test
  void bytesThatAreNoTextBecomeTheReplacementCharacter() {
    Vocabulary bytes = Vocabulary.bpe(List.of(), 260);
    int[] euro = bytes.encode("€");
    assertThat(euro).hasSize(3);
    assertThat(bytes.decode(euro[0], euro[1])).isEqualTo("\uFFFD");
  }

  @Test
  void aTokenIsWrittenAsTheTwoItIsMadeOf() {
    assertThat(Vocabulary.bpe(List.of("to to to"), 1000).write())
        .isEqualTo("nnc-vocabulary 1 bpe 262\nt o\nĠ to\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bpe 261;ab      | 2: expected two tokens from above with a space between, found 'ab'",
        "bpe 261;a b c   | 2: expected two tokens from above with a space between, found 'a b c'",
        "bpe 262;ab c;a b | 2: expected two tokens from above with a space between, found 'ab c'",
        "bpe 262;a b;a b | 3: expected a token that has not stood before, found 'a b'",
        "bpe 263;a b;ab c | 3: expected lines for 263 ids, found lines for 262",
      })
  void damagedMergesAreRefusedWithTheirLine(String written, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.parse("nnc-vocabulary 1 " + written.replace(';', '\n')))
        .withMessage("damaged vocabulary, line " + message);
  }
}
