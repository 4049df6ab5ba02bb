package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PairLossTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-6);

  @Test
  void vectorsThatSayNothingLoseTheLogarithmOfTwoSixTimes() {
    Corpus corpus = Corpus.of("to be or not to be ".repeat(20));
    WordTables tables = new WordTables(new float[4][3], new float[4][3]);
    assertThat(PairLoss.of(corpus, tables)).isCloseTo(6 * Math.log(2), EXACT);
  }

  /** The first place alone is looked at; a pair of neighbours is in every window, one of words 3 apart in 3 of 5. */
  @Test
  void aPairCountsByTheShareOfWindowsThatReachSoFar() {
    Corpus corpus = new Corpus(List.of("a", "b", "c"), new int[] {1, 1, 2}, new int[] {0, 2, 2, 1});
    float[][] middle = {{1}, {0}, {0}};
    float[][] near = {{-1}, {2}, {0}};
    double c = Math.pow(2, 0.75);
    double missed = 5 * (softplus(-1) + softplus(2) + c * softplus(0)) / (2 + c);
    double hit = (1 * softplus(0) + 0.8 * softplus(0) + 0.6 * softplus(-2)) / 2.4;
    assertThat(PairLoss.of(corpus, new WordTables(middle, near))).isCloseTo(hit + missed, EXACT);
  }

  private static double softplus(double x) {
    return Math.log(1 + Math.exp(x));
  }
}
