package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class SpeedTest {
  private static final long SECOND = 1_000_000_000L;

  /** The first step takes ten seconds, the next two each one, all others a tenth; of ten rows each. */
  @Test
  void aSlowBeginningIsSoonForgotten() {
    Speed speed = new Speed();
    speed.begin(10 * SECOND, 10);
    assertThat(speed.secondsPerRow(10 * SECOND, 10)).isNaN();
    assertThat(speed.secondsPerRow(11 * SECOND, 20)).isCloseTo(0.1, within(1e-9));
    assertThat(speed.secondsPerRow(12 * SECOND, 30)).isCloseTo(0.1, within(1e-9));
    double last = 0;
    for (int step = 1; step <= 30; step++) {
      last = speed.secondsPerRow(12 * SECOND + step * SECOND / 10, 30 + 10 * step);
    }
    assertThat(last).isCloseTo(0.01, within(1e-9));
  }
}
