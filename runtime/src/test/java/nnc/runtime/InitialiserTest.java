package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.converter.TypedArgumentConverter;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitialiserTest {
  private static final int OFF = 3;

  /** "3x4" to {3, 4}. */
  static final class Shape extends TypedArgumentConverter<String, int[]> {
    Shape() {
      super(String.class, int[].class);
    }

    @Override
    protected int[] convert(String text) {
      return Arrays.stream(text.split("x"))
          .filter(s -> !s.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    }
  }

  private static float[] filled(Initialiser initialiser, int... shape) {
    int n = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] y = new float[OFF + n + 1];
    initialiser.fill(y, OFF, shape, 11, Philox.stream("dense1.W"));
    assertThat(y[OFF - 1]).isZero();
    assertThat(y[OFF + n]).isZero();
    return Arrays.copyOfRange(y, OFF, OFF + n);
  }

  @ParameterizedTest
  @CsvSource({
    // matrices [in, out], filters [out, in, window], vectors
    "glorot_uniform, 300x200, 0.004",
    "glorot_normal,  300x200, 0.004",
    "he_uniform,     300x200, 0.0066666667",
    "he_normal,      300x200, 0.0066666667",
    "glorot_uniform, 40x60x5x5, 0.0008",
    "he_normal,      40x60x5x5, 0.0013333333",
    "he_uniform,     100x200x3, 0.0033333333",
    "glorot_normal,  50000, 0.00002",
    "'uniform -2 4', 300x200, 3",
    "'normal 1 0.5', 300x200, 0.25",
  })
  void variances(String name, @ConvertWith(Shape.class) int[] shape, double variance) {
    Initialiser initialiser = named(name);
    float[] y = filled(initialiser, shape);
    double mean = 0;
    double squares = 0;
    for (float v : y) {
      mean += v / (double) y.length;
      squares += (double) v * v / y.length;
    }
    double expectedMean = name.contains(" ") ? 1 : 0;
    assertThat(mean).isCloseTo(expectedMean, within(4 * Math.sqrt(variance / y.length)));
    assertThat(squares - mean * mean).isCloseTo(variance, within(0.03 * variance));
  }

  private static Initialiser named(String text) {
    String[] words = text.split(" ");
    return Initialiser.of(
        words[0], Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "he_uniform, 6x10, 1",
    "glorot_uniform, 6x18, 0.5",
    "glorot_uniform, 3x5x1x3, 0.5",
    "he_uniform, 6, 1",
    "he_uniform, '', 2.4494897"
  })
  void uniformBounds(String name, @ConvertWith(Shape.class) int[] shape, float bound) {
    float largest = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      Initialiser.of(name).fill(values, 0, shape, seed, 0);
      for (float v : values) {
        largest = Math.max(largest, Math.abs(v));
      }
    }
    assertThat(largest).isBetween(0.99f * bound, bound);
  }

  @Test
  void constants() {
    assertThat(filled(Initialiser.of("zeros"), 2, 2)).containsOnly(0);
    assertThat(filled(Initialiser.of("ones"), 3)).containsOnly(1);
    assertThat(filled(Initialiser.of("constant", 0.5))).containsExactly(0.5f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1x1", "8x8", "20x7", "7x20", "64x64", "130x129", "16x3x5x5", "1x9", "9x1"})
  void orthogonalMatricesAreOrthogonal(@ConvertWith(Shape.class) int[] shape) {
    float[] y = filled(new Initialiser.Orthogonal(2), shape);
    int rows = shape[0];
    int columns = y.length / rows;
    boolean wide = rows <= columns;
    int vectors = Math.min(rows, columns);
    for (int a = 0; a < vectors; a++) {
      for (int b = 0; b <= a; b++) {
        double product = 0;
        for (int i = 0; i < y.length / vectors; i++) {
          product +=
              (double) y[wide ? a * columns + i : i * columns + a]
                  * y[wide ? b * columns + i : i * columns + b];
        }
        assertThat(product).isCloseTo(a == b ? 4 : 0, within(2e-6));
      }
    }
  }

  @Test
  void orthogonalMatricesFavourNoDirection() {
    double trace = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      float[] y = new float[9];
      Initialiser.of("orthogonal").fill(y, 0, new int[] {3, 3}, seed, 1);
      trace += (y[0] + y[4] + y[8]) / 2_000.0;
    }
    assertThat(trace).isCloseTo(0, within(0.1)); // its variance over all orthogonal matrices is 1
  }

  @ParameterizedTest
  @ValueSource(strings = {"normal 0 1", "orthogonal", "he_uniform"})
  void seedAndStreamDecideTheValues(String name) {
    int[] shape = {4, 4};
    float[][] y = new float[4][16];
    named(name).fill(y[0], 0, shape, 1, 1);
    named(name).fill(y[1], 0, shape, 1, 1);
    named(name).fill(y[2], 0, shape, 2, 1);
    named(name).fill(y[3], 0, shape, 1, 2);
    assertThat(y[1]).containsExactly(y[0]);
    assertThat(y[2]).isNotEqualTo(y[0]);
    assertThat(y[3]).isNotEqualTo(y[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          zeros            | zeros
          constant 0.5     | constant(0.5)
          constant 1       | ones
          uniform -1 2     | uniform(-1.0, 2.0)
          normal 0 0.02    | normal(0.0, 0.02)
          glorot_uniform   | glorot_uniform
          glorot_normal    | glorot_normal
          he_uniform       | he_uniform
          he_normal        | he_normal
          orthogonal       | orthogonal
          orthogonal 1.5   | orthogonal(1.5)
          """)
  void textIsWhatAModelWrites(String parts, String text) {
    assertThat(named(parts).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xavier", "constant", "zeros 1", "uniform 1"})
  void unknownNamesAndWrongArgumentsListWhatIsKnown(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> named(text))
        .withMessageContaining(text.split(" ")[0])
        .withMessageContaining("glorot_uniform")
        .withMessageContaining("normal(mean, deviation)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform 2 1", "normal 0 -1", "normal NaN 1", "orthogonal NaN"})
  void argumentsOutOfRangeAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> named(text))
        .withMessageContaining("wants");
  }

  @Test
  void eachPartHasFirstValuesOfItsOwnAsIfItStoodAlone() {
    int[] shape = {3, 20, 5};
    float[] parts = new float[300];
    Initialiser.of("glorot_uniform").each().fill(parts, 0, shape, 7, 11);
    float bound = (float) Math.sqrt(6.0 / 25); // of one part, [20, 5]
    float largest = 0;
    for (float value : parts) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isBetween(0.9f * bound, bound);
    assertThat(java.util.Arrays.copyOfRange(parts, 0, 100))
        .isNotEqualTo(java.util.Arrays.copyOfRange(parts, 100, 200));
  }
}
