package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VectorMathTest {
  /** A prime, so that the samples meet all exponents and many mantissas. */
  private static final int STRIDE = 200_003;

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
    SQRT(ScalarMath::sqrt, VectorMath::sqrt),
    RSQRT(ScalarMath::rsqrt, VectorMath::rsqrt),
    FLOOR(ScalarMath::floor, VectorMath::floor),
    ROUND(ScalarMath::round, VectorMath::round),
    SIGN(ScalarMath::sign, VectorMath::sign);

    final UnaryOperator<Float> scalar;
    final UnaryOperator<FloatVector> vector;

    Pair(UnaryOperator<Float> scalar, UnaryOperator<FloatVector> vector) {
      this.scalar = scalar;
      this.vector = vector;
    }
  }

  static Stream<VectorSpecies<Float>> species() {
    return Stream.of(
        FloatVector.SPECIES_64,
        FloatVector.SPECIES_128,
        FloatVector.SPECIES_256,
        FloatVector.SPECIES_512);
  }

  @ParameterizedTest
  @EnumSource
  void everyLaneHasTheBitsOfTheScalarFunction(Pair pair) {
    species()
        .forEach(species -> {
          float[] in = new float[species.length()];
          float[] out = new float[in.length];
          for (long bits = 0; bits <= 0xffffffffL; ) {
            for (int lane = 0; lane < in.length; lane++, bits += STRIDE) {
              in[lane] = Float.intBitsToFloat((int) bits);
            }
            pair.vector.apply(FloatVector.fromArray(species, in, 0)).intoArray(out, 0);
            for (int lane = 0; lane < in.length; lane++) {
              assertSameBits(pair.scalar.apply(in[lane]), out[lane], species, in[lane]);
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void specialValuesHaveTheBitsOfTheScalarFunction(Pair pair) {
    species()
        .forEach(species -> {
          for (float x : SpecialFloats.ALL) {
            float[] out = pair.vector.apply(FloatVector.broadcast(species, x)).toArray();
            assertSameBits(pair.scalar.apply(x), out[out.length - 1], species, x);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("species")
  void powHasTheBitsOfTheScalarFunction(VectorSpecies<Float> species) {
    BinaryOperator<FloatVector> pow = VectorMath::pow;
    for (float x : SpecialFloats.ALL) {
      for (float y : SpecialFloats.ALL) {
        float[] out =
            pow.apply(FloatVector.broadcast(species, x), FloatVector.broadcast(species, y))
                .toArray();
        assertSameBits(ScalarMath.pow(x, y), out[0], species, x);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SIN", "COS"})
  void oneFarLaneLeavesTheOthersAsTheyAre(Pair pair) {
    float[] in = {0.5f, 1e9f, Float.POSITIVE_INFINITY, -3f};
    float[] out =
        pair.vector.apply(FloatVector.fromArray(FloatVector.SPECIES_128, in, 0)).toArray();
    for (int lane = 0; lane < in.length; lane++) {
      assertSameBits(pair.scalar.apply(in[lane]), out[lane], FloatVector.SPECIES_128, in[lane]);
    }
  }

  /** All NaNs count as one; -0 is not 0. */
  private static void assertSameBits(
      float expected, float found, VectorSpecies<Float> species, float x) {
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(found)) {
      assertThat(found).as("at %s in %s", x, species).isEqualTo(Float.valueOf(expected));
    }
  }
}
