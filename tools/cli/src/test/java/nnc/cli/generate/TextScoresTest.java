package nnc.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextScoresTest {
  @ParameterizedTest
  @CsvSource({
    "k i t t e n, s i t t i n g, 3",
    "a b c,       a b c,         0",
    "'',          a b,           2",
    "a b,         '',            2",
    "a b c d,     b c d e,       2",
    "s u n d a y, s a t u r d a y, 3"
  })
  void theFewestChangesAreCounted(String one, String other, int changes) {
    assertThat(EditDistance.between(tokens(one), tokens(other))).isEqualTo(changes);
  }

  private static List<String> tokens(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  /**
   * By hand: of 13 tokens in a row of one, 11 are found, 8 of 11 pairs, 5 of 9, 3 of 7; the references have 14 tokens, so that
   * what was generated is too short by exp(1 - 14 / 13).
   */
  @Test
  void bleuIsThatOfItsPaper() {
    Bleu bleu = new Bleu();
    bleu.add(tokens("the cat sat on the mat"), tokens("the cat sat on a mat"));
    bleu.add(tokens("it rains all of the day"), tokens("it rains all of the long day here"));
    bleu.add(tokens("x"), tokens(""));
    double precisions = 11 / 13.0 * (7 / 10.0) * (5 / 8.0) * (3 / 6.0);
    assertThat(bleu.value())
        .isCloseTo(Math.pow(precisions, 0.25) * Math.exp(1 - 14 / 13.0), within(1e-12));
  }

  @Test
  void withoutFourTokensInARowBleuIsZero() {
    Bleu bleu = new Bleu();
    bleu.add(tokens("a b c x"), tokens("a b c d"));
    assertThat(bleu.value()).isZero();
  }
}
