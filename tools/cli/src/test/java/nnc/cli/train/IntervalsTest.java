package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IntervalsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "19, 1, 1",
    "20, 1, 2",
    "23, 1, 2",
    "70, 3, 2",
    "999, 1, 99",
    "123456, 7, 100"
  })
  void anEpochHasOneForEveryTenStepsAndAtMostAHundred(int batches, int accumulated, int count) {
    Intervals intervals = new Intervals(batches, accumulated);
    int[] ends =
        IntStream.rangeClosed(1, batches)
            .filter(batch -> batch % accumulated == 0 || batch == batches)
            .filter(intervals::endsAt)
            .toArray();
    assertThat(ends).hasSize(count).endsWith(batches);
    int even = Math.ceilDiv(Math.ceilDiv(batches, accumulated), count) * accumulated;
    assertThat(IntStream.range(1, count).map(i -> ends[i] - ends[i - 1]).max().orElse(1))
        .isLessThanOrEqualTo(even);
  }
}
