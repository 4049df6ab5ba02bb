package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorMathTest {
  /** A prime, so that the samples meet all exponents and many mantissas. */
  private static final int STRIDE = 200_003;

  /** Lanes of the longest vector. */
  private static final int LONGEST = 16;

  enum Pair {
    EXP(ScalarMath::exp, VectorMath::exp),
    EXPM1(ScalarMath::expm1, VectorMath::expm1),
    LOG(ScalarMath::log, VectorMath::log),
    LOG1P(ScalarMath::log1p, VectorMath::log1p),
    TANH(ScalarMath::tanh, VectorMath::tanh),
    SIGMOID(ScalarMath::sigmoid, VectorMath::sigmoid),
    ERF(ScalarMath::erf, VectorMath::erf),
    SIN(ScalarMath::sin, VectorMath::sin),
    COS(ScalarMath::cos, VectorMath::cos),
    FLOOR(ScalarMath::floor, VectorMath::floor),
    ROUND(ScalarMath::round, VectorMath::round),
    SIGN(ScalarMath::sign, VectorMath::sign);

    final UnaryOperator<Float> scalar;
    final Rows vector;

    Pair(UnaryOperator<Float> scalar, Rows vector) {
      this.scalar = scalar;
      this.vector = vector;
    }

    private interface Rows {
      void apply(float[] x, int from, int n);
    }

    void assertSame(float... samples) {
      float[] found = Arrays.copyOf(samples, samples.length + LONGEST);
      vector.apply(found, 0, samples.length);
      for (int i = 0; i < samples.length; i++) {
        assertSameBits(scalar.apply(samples[i]), found[i], samples[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyElementHasTheBitsOfTheScalarFunction(Pair pair) {
    float[] samples = new float[(int) (0x1_0000_0000L / STRIDE)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Float.intBitsToFloat(i * STRIDE);
    }
    pair.assertSame(samples);
  }

  @ParameterizedTest
  @EnumSource
  void specialValuesHaveTheBitsOfTheScalarFunction(Pair pair) {
    pair.assertSame(SpecialFloats.ALL);
  }

  @ParameterizedTest
  @EnumSource(names = {"SIN", "COS"})
  void oneFarElementLeavesTheOthersAsTheyAre(Pair pair) {
    pair.assertSame(0.5f, 1e9f, Float.POSITIVE_INFINITY, -3f);
  }

  @ParameterizedTest
  @EnumSource
  void whatLiesBeforeTheRowAndBeyondItsLastVectorStays(Pair pair) {
    for (int n = 0; n <= 2 * LONGEST; n++) {
      float[] x = new float[5 + 4 * LONGEST];
      Arrays.fill(x, 0.3f);
      pair.vector.apply(x, 5, n);
      float[] expected = new float[x.length];
      Arrays.fill(expected, 0.3f);
      Arrays.fill(expected, 5, 5 + n, pair.scalar.apply(0.3f));
      int end = 5 + (n + LONGEST - 1) / LONGEST * LONGEST;
      System.arraycopy(x, 5 + n, expected, 5 + n, end - 5 - n);
      assertThat(x).isEqualTo(expected);
    }
  }

  @Test
  void powersHaveTheBitsOfTheScalarFunction() {
    float[] y = SpecialFloats.ALL;
    for (float x : SpecialFloats.ALL) {
      float[] ofManyExponents = new float[y.length];
      Arrays.fill(ofManyExponents, x);
      VectorMath.pow(ofManyExponents, 0, y.length, y, 0);
      float[] ofOneExponent = y.clone();
      VectorMath.pow(ofOneExponent, 0, y.length, x);
      for (int i = 0; i < y.length; i++) {
        assertSameBits(ScalarMath.pow(x, y[i]), ofManyExponents[i], x);
        assertSameBits(ScalarMath.pow(y[i], x), ofOneExponent[i], y[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void narrowerVectorsGiveTheSameBits(int bytes) throws IOException, InterruptedException {
    assertThat(OtherJvm.run(VectorMathTest.class, "-XX:MaxVectorSize=" + bytes))
        .containsExactly(bytes / Float.BYTES + " the same bits");
  }

  /** All functions in this JVM, whose vectors may be narrower. */
  public static void main(String[] arguments) {
    VectorMathTest test = new VectorMathTest();
    for (Pair pair : Pair.values()) {
      test.everyElementHasTheBitsOfTheScalarFunction(pair);
      test.specialValuesHaveTheBitsOfTheScalarFunction(pair);
    }
    System.out.println(VectorRows.SPECIES.length() + " the same bits");
  }

  /** All NaNs count as one; -0 is not 0. */
  private static void assertSameBits(float expected, float found, float x) {
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(found)) {
      assertThat(found).as("at %s", x).isEqualTo(Float.valueOf(expected));
    }
  }
}
