package nnc.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArrivalsTest {
  /** A thousand images of 224 x 224 would take 600 MB beside the model. */
  @ParameterizedTest
  @CsvSource({
    "64, 1, 1024", // small rows
    "64, 64, 1024",
    "8, 150528, 27", // what 16 MB hold
    "64, 150528, 128", // two batches, though they are larger
    "4096, 3, 8192"
  })
  void fewLargeRowsWait(int together, long values, int waiting) {
    assertThat(Arrivals.waiting(together, values)).isEqualTo(waiting);
  }

  @Test
  void allRowsComeInTheirOrder() throws InterruptedException {
    List<Integer> rows = IntStream.range(0, 1000).boxed().toList();
    Arrivals<Integer> arrivals = Arrivals.rows(rows.iterator(), 3, 1 << 22);
    List<Integer> taken = new ArrayList<>();
    for (List<Integer> some = arrivals.take(3); !some.isEmpty(); some = arrivals.take(3)) {
      taken.addAll(some);
    }
    assertThat(taken).isEqualTo(rows);
  }
}
