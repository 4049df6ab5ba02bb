package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CategoricalTest {
  private static int[] counts(float[] weights, int draws) {
    float[] sums = new float[weights.length];
    Categorical.cumulate(weights, 0, weights.length, sums, 0);
    float[] numbers = new float[draws];
    Rows.scalar().uniform(7, 8, 9, 0, numbers, 0, draws);
    float[] ids = new float[draws];
    Categorical.draw(sums, 0, weights.length, numbers, 0, 0, draws, ids, 0);
    int[] counts = new int[weights.length];
    for (float id : ids) {
      counts[(int) id]++;
    }
    return counts;
  }

  @Test
  void idsAreAsFrequentAsTheirWeights() {
    int[] counts = counts(new float[] {1, 0, 2, 5, 0, 0.5f, 0}, 850_000);
    assertThat(counts[1] + counts[4] + counts[6]).isZero();
    assertThat(counts[0]).isCloseTo(100_000, within(1500)); // five standard deviations
    assertThat(counts[2]).isCloseTo(200_000, within(2000));
    assertThat(counts[3]).isCloseTo(500_000, within(2300));
    assertThat(counts[5]).isCloseTo(50_000, within(1100));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.24, 1", "0.25, 3", "0.99999994, 3"})
  void anIdIsWhereTheRunningSumPassesTheNumber(float number, int id) {
    float[] sums = new float[5];
    Categorical.cumulate(new float[] {0, 1, 0, 3, 0}, 0, 5, sums, 0);
    float[] ids = new float[1];
    Categorical.draw(sums, 0, 5, new float[] {number}, 0, 0, 1, ids, 0);
    assertThat(ids[0]).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"-1, weight 1", "NaN, weight 1", "Infinity, weight 1", "0, all weights"})
  void weightsThatAreNoDistributionAreRefused(float weight, String told) {
    assertThatThrownBy(() -> Categorical.cumulate(new float[] {0, weight}, 0, 2, new float[2], 0))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining(told);
  }
}
