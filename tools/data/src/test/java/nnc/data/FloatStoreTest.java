package nnc.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FloatStoreTest {
  private static final int VALUES = 100_003;

  private static float[] values() {
    Random random = new Random(1);
    float[] values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  /** Some one by one, most in pieces of all sizes. */
  private static FloatStore filled(FloatStore store, float[] values) {
    int at = 0;
    for (int piece = 1; at < values.length; piece = piece * 3 % 20_011) {
      int count = Math.min(piece, values.length - at);
      if (count == 1) {
        store.add(values[at]);
      } else {
        store.add(values, at, count);
      }
      at += count;
    }
    return store.finish();
  }

  @Test
  void inAFileTheyAreWhatTheyAreInMemory() {
    float[] values = values();
    FloatStore inMemory = filled(new FloatStore(Long.MAX_VALUE), values);
    FloatStore inFile = filled(new FloatStore(5000), values);
    for (FloatStore store : new FloatStore[] {inMemory, inFile, FloatStore.of(values)}) {
      assertThat(store.size()).isEqualTo(VALUES);
      float[] all = new float[VALUES + 2];
      store.copy(0, all, 1, VALUES);
      assertThat(Arrays.copyOfRange(all, 1, VALUES + 1)).isEqualTo(values);
      for (int at : new int[] {0, 4095, 4096, 4999, 5000, VALUES - 1}) {
        assertThat(store.get(at)).isEqualTo(values[at]);
      }
    }
  }

  @Test
  void nothingIsAStoreToo() {
    assertThat(new FloatStore(5000).finish().size()).isZero();
  }
}
