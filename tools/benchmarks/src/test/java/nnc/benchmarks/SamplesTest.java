package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void quantilesLieBetweenTheNearestTwo() {
    Samples samples = new Samples();
    for (int i = 100; i >= 0; i--) {
      samples.add(i);
    }
    assertThat(samples.median()).isEqualTo(50);
    assertThat(samples.quantile(0.1)).isEqualTo(10);
    samples.add(101);
    assertThat(samples.median()).isEqualTo(50.5);
  }
}
