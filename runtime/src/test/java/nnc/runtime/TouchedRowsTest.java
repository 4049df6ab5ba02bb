package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TouchedRowsTest {
  private final float[] table = new float[1 + 5 * 2];
  private final TouchedRows touched = new TouchedRows(5, 4);

  private int[] rows() {
    return IntStream.range(0, touched.places()).map(touched::row).filter(row -> row >= 0).toArray();
  }

  @Test
  void listsEachRowOnce() {
    touched.begin(table, 1, 2);
    touched.list(new float[] {9, 3, 1, 3}, 1, 3);
    touched.list(new float[] {1}, 0, 1);
    assertThat(rows()).containsExactly(3, 1);
    touched.begin(table, 1, 2);
    touched.list(new float[] {3}, 0, 1);
    assertThat(rows()).containsExactly(3);
  }

  @Test
  void allIsZeroBeforeTheFirstStepAndWhatAStepTouchedAfterIt() {
    Arrays.fill(table, 7);
    touched.begin(table, 1, 2);
    assertThat(table).containsExactly(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    touched.list(new float[] {3, 0}, 0, 2);
    Arrays.fill(table, 8);
    touched.clear(table, 1, 2, 0, touched.places());
    assertThat(table).containsExactly(8, 0, 0, 8, 8, 8, 8, 0, 0, 8, 8);
  }

  @Test
  void refusesARowThatTheTableDoesNotHave() {
    touched.begin(table, 1, 2);
    assertThatThrownBy(() -> touched.list(new float[] {0, 5}, 0, 2))
        .isInstanceOf(UnknownRowException.class)
        .hasMessageContaining("id 5 is looked up")
        .hasMessageContaining("from 0 to 4");
  }
}
