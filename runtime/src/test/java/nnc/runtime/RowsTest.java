package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  static Stream<Rows> both() {
    return Stream.of(Rows.scalar(), new VectorRows());
  }

  @Test
  void vectorsGiveTheBitsOfTheScalarCode() {
    assertThat(RowsDigest.of(new VectorRows())).isEqualTo(RowsDigest.of(Rows.scalar()));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void narrowerVectorsGiveTheSameBits(int bytes) throws IOException, InterruptedException {
    assertThat(OtherJvm.run(RowsDigest.class, "-XX:MaxVectorSize=" + bytes))
        .containsExactly(bytes / Float.BYTES + " " + RowsDigest.of(Rows.scalar()));
  }

  @ParameterizedTest
  @MethodSource("both")
  void sumsAreTheSums(Rows rows) {
    float[] x = new float[5_000];
    Philox.normal(1, 2, 3, 0, x, 0, x.length);
    double sum = 0;
    double squares = 0;
    double products = 0;
    for (int i = 0; i < 1_999; i++) {
      sum += x[10 + i];
      squares += (double) x[10 + i] * x[10 + i];
      products += (double) x[10 + i] * x[2_010 + i];
    }
    assertThat((double) rows.sum(x, 10, 1_999)).isCloseTo(sum, within(1e-3));
    assertThat((double) rows.sumOfSquares(x, 10, 1_999)).isCloseTo(squares, within(1e-3));
    assertThat((double) rows.dot(x, 10, x, 2_010, 1_999)).isCloseTo(products, within(1e-3));
  }

  @ParameterizedTest
  @MethodSource("both")
  void aSumFollowsItsTree(Rows rows) {
    float[] x = new float[128];
    // lanes 0 and 32 meet first: 1 is lost in 2^24 unless 2^24 and -2^24 meet before it
    x[0] = 0x1p24f;
    x[32] = -0x1p24f;
    x[1] = 1;
    assertThat(rows.sum(x, 0, 128)).isEqualTo(1);
    x[64] = 1;
    assertThat(rows.sum(x, 0, 128)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("both")
  void anEmptyRowHasNeutralResults(Rows rows) {
    float[] x = {};
    assertThat(rows.sum(x, 0, 0)).isZero();
    assertThat(rows.dot(x, 0, x, 0, 0)).isZero();
    assertThat(rows.max(x, 0, 0)).isEqualTo(-INFINITY);
    assertThat(rows.min(x, 0, 0)).isEqualTo(INFINITY);
    assertThat(rows.argmax(x, 0, 0)).isEqualTo(-1);
    assertThat(rows.argmin(x, 0, 0)).isEqualTo(-1);
    assertThat(rows.firstNonFinite(x, 0, 0)).isEqualTo(-1);
  }

  private record Extremes(
      float[] row, float max, float min, int argmax, int argmin, int firstNonFinite) {}

  static Stream<Extremes> extremes() {
    return Stream.of(
        new Extremes(new float[] {3, 1, 2}, 3, 1, 0, 1, -1),
        new Extremes(new float[] {1, 3, 3, 1}, 3, 1, 1, 0, -1),
        new Extremes(new float[] {1, NAN, 9, NAN}, NAN, NAN, 1, 1, 1),
        new Extremes(new float[] {NAN, INFINITY}, NAN, NAN, 0, 0, 0),
        new Extremes(new float[] {-1, -INFINITY, INFINITY}, INFINITY, -INFINITY, 2, 1, 1),
        new Extremes(new float[] {-INFINITY, -INFINITY}, -INFINITY, -INFINITY, 0, 0, 0),
        new Extremes(new float[] {INFINITY, INFINITY}, INFINITY, INFINITY, 0, 0, 0),
        new Extremes(new float[] {-0f, 0f, -0f}, 0f, -0f, 0, 0, -1),
        new Extremes(new float[] {-5}, -5, -5, 0, 0, -1),
        new Extremes(new float[] {5}, 5, 5, 0, 0, -1));
  }

  @ParameterizedTest
  @MethodSource("extremes")
  void extremesWithTiesNaNsAndInfinities(Extremes expected) {
    // the same elements at the end of rows of every length: zeros past the row must never be seen
    both()
        .forEach(rows -> {
          for (int before = 0; before < 150; before++) {
            float[] x = new float[before + expected.row.length];
            System.arraycopy(expected.row, 0, x, before, expected.row.length);
            int n = expected.row.length;
            assertThat(rows.max(x, before, n)).isEqualTo(Float.valueOf(expected.max));
            assertThat(rows.min(x, before, n)).isEqualTo(Float.valueOf(expected.min));
            assertThat(rows.argmax(x, before, n)).isEqualTo(expected.argmax);
            assertThat(rows.argmin(x, before, n)).isEqualTo(expected.argmin);
            assertThat(rows.firstNonFinite(x, before, n)).isEqualTo(expected.firstNonFinite);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("both")
  void aSingleNaNIsFoundWhereverItStands(Rows rows) {
    for (int n = 1; n < 200; n += 7) {
      float[] x = new float[n];
      Arrays.fill(x, -1);
      for (int at = 0; at < n; at++) {
        x[at] = NAN;
        assertThat(rows.max(x, 0, n)).isNaN();
        assertThat(rows.min(x, 0, n)).isNaN();
        assertThat(rows.argmax(x, 0, n)).isEqualTo(at);
        assertThat(rows.argmin(x, 0, n)).isEqualTo(at);
        assertThat(rows.firstNonFinite(x, 0, n)).isEqualTo(at);
        x[at] = -1;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("both")
  void columnSumsKeepToTheirColumns(Rows rows) {
    float[] x = {9, 1, 2, 3, 9, 10, 20, 30};
    float[] y = {100, 100, 100, 100};
    rows.columnSums(x, 1, 4, 2, 1, 3, y, 1, false);
    assertThat(y).containsExactly(100, 100, 22, 33);
    rows.columnSums(x, 1, 4, 2, 0, 2, y, 1, true);
    assertThat(y).containsExactly(100, 111, 44, 33);
    rows.columnMax(x, 1, 4, 2, 0, 2, y, 1);
    assertThat(y).containsExactly(100, 10, 20, 33);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 16, 33, 64, 65, 100, 200})
  void columnsMayBeCutAnywhere(int width) {
    Random random = new Random(width);
    int count = 71;
    float[] x = new float[count * width];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] whole = new float[width];
    Rows.scalar().columnSums(x, 0, width, count, 0, width, whole, 0, false);
    float[] parts = new float[width];
    int cut = random.nextInt(width);
    new VectorRows().columnSums(x, 0, width, count, 0, cut, parts, 0, false);
    new VectorRows().columnSums(x, 0, width, count, cut, width, parts, 0, false);
    assertThat(parts).containsExactly(whole);
  }
}
