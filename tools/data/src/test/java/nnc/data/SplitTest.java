package nnc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
  @ParameterizedTest
  @CsvSource({
    "1797, 20, true, 359", // 359.4
    "150, 33, true, 50", // 49.5, rounded to the even neighbour
    "10, 3, false, 3",
    "2, 50, true, 1",
    "2, 1, false, 1",
    "100, 0.6, true, 1"
  })
  void everyRowIsInExactlyOnePart(int rows, double amount, boolean percent, int heldOut) {
    Split split = Split.holdOut(rows, amount, percent, 7);
    assertThat(split.heldOut()).hasSize(heldOut).isSorted();
    assertThat(split.train()).isSorted();
    assertThat(
            IntStream.concat(IntStream.of(split.train()), IntStream.of(split.heldOut()))
                .sorted()
                .toArray())
        .isEqualTo(IntStream.range(0, rows).toArray());
  }

  @Test
  void theSeedDrawsTheRows() {
    int[] drawn = Split.holdOut(1000, 20, true, 1).heldOut();
    assertThat(Split.holdOut(1000, 20, true, 1).heldOut()).isEqualTo(drawn);
    assertThat(Split.holdOut(1000, 20, true, 2).heldOut()).isNotEqualTo(drawn);
  }

  @Test
  void theDrawIsTheSameForEver() {
    assertThat(Split.holdOut(12, 4, false, 42).heldOut()).containsExactly(7, 8, 9, 10);
    assertThat(Order.shuffled(8, 42, 1)).containsExactly(3, 2, 4, 6, 7, 5, 1, 0);
  }

  /** Each row is held out in about a fifth of the seeds: mean 200, standard deviation 12.6. */
  @Test
  void noRowIsPreferred() {
    int[] held = new int[50];
    for (int seed = 0; seed < 1000; seed++) {
      for (int row : Split.holdOut(50, 20, true, seed).heldOut()) {
        held[row]++;
      }
    }
    assertThat(IntStream.of(held))
        .allMatch(count -> count > 200 - 5 * 12.6 && count < 200 + 5 * 12.6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 | 0 | true  | hold out 0%: expected at least one row to hold out and one to train on, found 0 of 10 rows",
        "10 | 4 | true  | hold out 4%: expected at least one row to hold out and one to train on, found 0 of 10 rows",
        "10 | 100 | true | hold out 100%: expected at least one row to hold out and one to train on, found 10 of 10 rows",
        "1 | 20 | true | hold out 20%: expected at least one row to hold out and one to train on, found 0 of 1 row",
        "10 | -1 | false | hold out -1: expected at least one row to hold out and one to train on, found -1 of 10 rows",
        "10 | 10 | false | hold out 10: expected at least one row to hold out and one to train on, found 10 of 10 rows",
        "10 | 1e300 | true | hold out 1",
        "10 | Infinity | true | hold out Infinity%: expected at least one row to hold out and one to train on, found Infinity of 10 rows",
        "10 | NaN | true | hold out NaN%: expected a whole number of rows, found a fraction",
        "10 | 0.2 | false | hold out 0.2: expected a whole number of rows, found a fraction"
      })
  void aPartWithoutRowsIsRefused(int rows, double amount, boolean percent, String message) {
    assertThatThrownBy(() -> Split.holdOut(rows, amount, percent, 1))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message)
        .hasMessageEndingWith(
            "\n  = help: write 'hold out 20%', or a number of rows below that of the file");
  }

  @Test
  void anEpochVisitsEveryRowInAnOrderOfItsOwn() {
    int[] first = Order.shuffled(100, 5, 1);
    assertThat(IntStream.of(first).sorted().toArray()).isEqualTo(IntStream.range(0, 100).toArray());
    assertThat(Order.shuffled(100, 5, 1)).isEqualTo(first);
    assertThat(Stream.of(Order.shuffled(100, 5, 2), Order.shuffled(100, 6, 1)))
        .doesNotContain(first);
    assertThat(Order.shuffled(1, 5, 1)).containsExactly(0);
  }

  @Test
  void theEndIsHeldOutWithoutRowsThatShareSymbolsWithIt() {
    Split split = Split.end(10, 30, true, 2);
    assertThat(split.train()).containsExactly(0, 1, 2, 3, 4);
    assertThat(split.heldOut()).containsExactly(7, 8, 9);
    assertThatThrownBy(() -> Split.end(10, 8, false, 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found 8 of 10 rows");
    assertThat(Split.end(10, 7, false, 2).train()).containsExactly(0);
  }
}
