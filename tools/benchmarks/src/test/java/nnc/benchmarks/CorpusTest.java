package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CorpusTest {
  @Test
  void rareWordsAreLeftOutAndTheOthersNumberedByFrequency() {
    Corpus corpus = Corpus.of("b rare A " + "b ".repeat(15) + "a RARE ".repeat(3) + "a b a a b");
    assertThat(corpus.words()).containsExactly("b", "a");
    assertThat(corpus.counts()).containsExactly(18, 7);
    assertThat(corpus.text()).hasSize(25).startsWith(0, 1, 0).endsWith(1, 0, 1, 1, 0);
  }

  @Test
  void negativesAreDrawnByCountsToThreeQuarters() {
    Corpus corpus = Corpus.of("a ".repeat(160) + "b ".repeat(10));
    assertThat(corpus.negatives()[0]).isCloseTo(8 / 9.0, Offset.offset(1e-12));
    assertThat(corpus.negatives()[1]).isCloseTo(1 / 9.0, Offset.offset(1e-12));
  }
}
