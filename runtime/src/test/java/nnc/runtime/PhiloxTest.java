package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PhiloxTest {
  static Stream<Rows> both() {
    return Stream.of(Rows.scalar(), new VectorRows());
  }

  /** The known answers that come with Random123 (philox4x32 with 10 rounds). */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void knownAnswers(String counter, String key, String expected) {
    int[] words = words(counter);
    int[] keys = words(key);
    Philox.encrypt(keys[0], keys[1], words);
    assertThat(words).containsExactly(words(expected));
  }

  private static int[] words(String text) {
    return Stream.of(text.split(" ")).mapToInt(HexFormat::fromHexDigits).toArray();
  }

  @ParameterizedTest
  @MethodSource("both")
  void anElementIsAWordOfTheBlockThatItsPlaceCounts(Rows rows) {
    int[] words = {5, 3, 0x9abcdef0, 0x12345678};
    Philox.encrypt(0x11111111, 0x22222222, words);
    float[] y = new float[4];
    rows.uniform(0x2222222211111111L, 0x123456789abcdef0L, 3, 20, y, 0, 4);
    assertThat(y[2]).isEqualTo((words[2] >>> 8) / (float) (1 << 24));
  }

  @ParameterizedTest
  @MethodSource("both")
  void anElementDependsOnItsPlaceAloneHoweverTheRowIsCut(Rows rows) {
    float[] whole = new float[300];
    rows.uniform(42, -7, 0xffffffffL, 0, whole, 0, 300);
    for (int first = 0; first < 80; first++) {
      for (int n : new int[] {0, 1, 3, 16, 31, 64, 200}) {
        float[] part = new float[n + 2];
        rows.uniform(42, -7, 0xffffffffL, first, part, 1, n);
        assertThat(part[0]).isZero();
        assertThat(part[n + 1]).isZero();
        assertThat(Arrays.copyOfRange(part, 1, n + 1))
            .containsExactly(Arrays.copyOfRange(whole, first, first + n));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("both")
  void theLastElementsCanBeReached(Rows rows) {
    float[] scalar = new float[70];
    float[] found = new float[70];
    Philox.uniform(1, 2, 3, (1L << 34) - 70, scalar, 0, 70);
    rows.uniform(1, 2, 3, (1L << 34) - 70, found, 0, 70);
    assertThat(found).containsExactly(scalar);
  }

  @ParameterizedTest
  @MethodSource("both")
  void placesBeyondTheCounterAreRefused(Rows rows) {
    float[] y = new float[4];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows.uniform(1, 2, 1L << 32, 0, y, 0, 4))
        .withMessageContaining("step");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows.uniform(1, 2, -1, 0, y, 0, 4))
        .withMessageContaining("step");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows.uniform(1, 2, 3, (1L << 34) - 3, y, 0, 4))
        .withMessageContaining("elements");
  }

  @Test
  void seedsStreamsAndStepsGiveOtherNumbers() {
    float[] y = new float[4];
    Philox.uniform(1, 2, 3, 0, y, 0, 1);
    Philox.uniform(2, 2, 3, 0, y, 1, 1);
    Philox.uniform(1, 3, 3, 0, y, 2, 1);
    Philox.uniform(1, 2, 4, 0, y, 3, 1);
    assertThat(y).doesNotHaveDuplicates();
  }

  @Test
  void uniformNumbersAreEvenlySpread() {
    float[] y = new float[200_000];
    Philox.uniform(3, 1, 4, 1, y, 0, y.length);
    int[] bins = new int[10];
    for (float u : y) {
      bins[(int) (u * 10)]++;
    }
    for (int count : bins) {
      assertThat(count).isBetween(19_400, 20_600); // 4.5 standard deviations
    }
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    float[] y = new float[200_000];
    Philox.normal(3, 1, 4, 0, y, 0, y.length);
    double[] moments = new double[5];
    double neighbours = 0;
    for (int i = 0; i < y.length; i++) {
      for (int k = 1; k < 5; k++) {
        moments[k] += Math.pow(y[i], k) / y.length;
      }
      neighbours += y[i] * y[i ^ 1] / (double) y.length;
    }
    assertThat(moments[1]).isCloseTo(0, within(0.01));
    assertThat(moments[2]).isCloseTo(1, within(0.015));
    assertThat(moments[3]).isCloseTo(0, within(0.04));
    assertThat(moments[4]).isCloseTo(3, within(0.1));
    assertThat(neighbours).isCloseTo(0, within(0.01));
  }

  @Test
  void normalElementsDependOnTheirPlaceAlone() {
    float[] whole = new float[40];
    Philox.normal(3, 1, 4, 0, whole, 0, 40);
    for (int first = 0; first < 30; first++) {
      float[] part = new float[7];
      Philox.normal(3, 1, 4, first, part, 0, 7);
      assertThat(part).containsExactly(Arrays.copyOfRange(whole, first, first + 7));
    }
  }

  @Test
  void permutationsHoldEachNumberOnce() {
    for (int n : new int[] {0, 1, 2, 100}) {
      int[] order = Philox.permutation(5, 6, n);
      Arrays.sort(order);
      assertThat(order).containsExactly(IntStream.range(0, n).toArray());
    }
    assertThat(Philox.permutation(5, 6, 100)).isNotEqualTo(Philox.permutation(5, 7, 100));
  }

  @Test
  void allPermutationsAreEquallyLikely() {
    int[] seen = new int[27];
    for (int seed = 0; seed < 6_000; seed++) {
      int[] order = Philox.permutation(seed, 0, 3);
      seen[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    assertThat(Arrays.stream(seen).filter(count -> count > 0).boxed())
        .hasSize(6)
        .allSatisfy(count -> assertThat(count).isBetween(870, 1_130));
  }

  /** Known answers of FNV-1a, 64 bits. */
  @ParameterizedTest
  @CsvSource({"'', cbf29ce484222325", "a, af63dc4c8601ec8c", "foobar, 85944171f73967e8"})
  void streamsAreHashesOfPaths(String path, String hash) {
    assertThat(Philox.stream(path)).isEqualTo(HexFormat.fromHexDigitsToLong(hash));
  }
}
