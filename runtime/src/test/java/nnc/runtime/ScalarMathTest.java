package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScalarMathTest {
  /** Every 2,003rd float, over all exponents, signs and denormals. */
  private static final int STRIDE = 2003;

  /** What exp and sigmoid take for 0: results below 2^-125.5. */
  private static final double FLUSHED = StrictMath.pow(2, -125.5);

  /** The functions, what they should give in double, and the errors that their documentation states. */
  enum Stated {
    EXP(ScalarMath::exp, StrictMath::exp, 1.1),
    EXPM1(ScalarMath::expm1, StrictMath::expm1, 2),
    LOG(ScalarMath::log, StrictMath::log, 1),
    LOG1P(ScalarMath::log1p, StrictMath::log1p, 2),
    TANH(ScalarMath::tanh, StrictMath::tanh, 3),
    SIGMOID(ScalarMath::sigmoid, Stated::sigmoid, 3),
    ERF(ScalarMath::erf, Stated::erf, 6),
    SIN(ScalarMath::sin, StrictMath::sin, 2),
    COS(ScalarMath::cos, StrictMath::cos, 2),
    SQRT(ScalarMath::sqrt, StrictMath::sqrt, 0.5);

    final MathFunction function;
    final DoubleUnaryOperator exact;
    final double ulps;

    Stated(MathFunction function, DoubleUnaryOperator exact, double ulps) {
      this.function = function;
      this.exact = exact;
      this.ulps = ulps;
    }

    /** The distance to the exact value in units of its last place; 0 if both are the same NaN, infinity or zero. */
    double error(float x) {
      float found = function.at(x);
      double wanted = exact.applyAsDouble(x);
      if ((this == EXP || this == SIGMOID) && wanted < FLUSHED) {
        return found;
      }
      float nearest = (float) wanted;
      if (Float.floatToIntBits(found) == Float.floatToIntBits(nearest)
          && !(Math.abs(found) < Float.POSITIVE_INFINITY)) {
        return 0;
      }
      return Math.abs(found - wanted) / Math.ulp(nearest);
    }

    private static double sigmoid(double x) {
      double z = StrictMath.exp(-Math.abs(x));
      return (x < 0 ? z : 1) / (1 + z);
    }

    /** Taylor's series near 0, Laplace's continued fraction beyond. */
    private static double erf(double x) {
      double t = Math.abs(x);
      double erf;
      if (t < 2.5) {
        double term = t;
        erf = t;
        for (int n = 1; n < 80; n++) {
          term *= -t * t / n;
          erf += term / (2 * n + 1);
        }
        erf *= 2 / Math.sqrt(Math.PI);
      } else {
        double fraction = 0;
        for (int k = 60; k > 0; k--) {
          fraction = k / 2.0 / (t + fraction);
        }
        erf = 1 - StrictMath.exp(-t * t) / Math.sqrt(Math.PI) / (t + fraction);
      }
      return Double.isNaN(x) ? x : Math.copySign(erf, x);
    }
  }

  interface MathFunction {
    float at(float x);
  }

  @ParameterizedTest
  @EnumSource
  void errorsStayWithinTheStatedOnes(Stated f) {
    for (long bits = 0; bits <= 0xffffffffL; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      double error = f.error(x);
      if (!(error <= f.ulps)) {
        assertThat(error).as("error at %s", x).isLessThanOrEqualTo(f.ulps);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SIN", "COS"})
  void argumentReductionIsGoodNextToEveryMultipleOfAQuarterTurn(Stated f) {
    for (int n = 1; n < 83_000; n++) {
      float x = (float) (n * (Math.PI / 2));
      double error =
          Math.max(f.error(x), Math.max(f.error(Math.nextDown(x)), f.error(Math.nextUp(x))));
      assertThat(error).as("error about %s", x).isLessThanOrEqualTo(f.ulps);
    }
  }

  @ParameterizedTest
  @EnumSource
  void specialValuesAreThoseOfStrictMath(Stated f) {
    for (float x : SpecialFloats.ALL) {
      assertThat(f.error(x)).as("error at %s", x).isLessThanOrEqualTo(f.ulps);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TANH", "ERF", "SIN"})
  void oddFunctionsAreOddToTheLastBit(Stated f) {
    for (float x = 1e-6f; x < 100; x *= 1.01f) {
      assertThat(f.function.at(-x)).isEqualTo(Float.valueOf(-f.function.at(x)));
    }
  }

  @ParameterizedTest
  @CsvSource({"TANH, 1", "ERF, 1", "SIGMOID, 1"})
  void saturatingFunctionsNeverPassTheirLimit(Stated f, float limit) {
    for (float x = 0; x < 200; x += 1 / 256f) {
      assertThat(f.function.at(x)).isLessThanOrEqualTo(limit);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2.5, 2, 2, 1",
    "3.5, 3, 4, 1",
    "0.3, 0, 0, 1",
    "-0.5, -1, -0.0, -1",
    "-1.5, -2, -2, -1",
    "-0.0, -0.0, -0.0, -0.0",
    "8388609, 8388609, 8388609, 1",
    "-4194303.5, -4194304, -4194304, -1",
    "NaN, NaN, NaN, NaN"
  })
  void floorRoundAndSign(float x, float floor, float round, float sign) {
    assertThat(new float[] {ScalarMath.floor(x), ScalarMath.round(x), ScalarMath.sign(x)})
        .containsExactly(floor, round, sign);
  }

  @Test
  void powOfSpecialValuesIsThatOfStrictMath() {
    for (float x : SpecialFloats.ALL) {
      for (float y : SpecialFloats.ALL) {
        assertThat(ScalarMath.pow(x, y))
            .as("%s ^ %s", x, y)
            .isEqualTo(Float.valueOf((float) StrictMath.pow(x, y)));
      }
    }
  }

  @Test
  void powIsAlmostCorrectlyRounded() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      float x = (float) StrictMath.pow(2, random.nextDouble(-149, 128));
      // results of all sizes, the denormal and the infinite included
      float y = (float) (random.nextDouble(-155, 133) / (StrictMath.log(x) / StrictMath.log(2)));
      double wanted = StrictMath.pow(x, y);
      float found = ScalarMath.pow(x, y);
      float nearest = (float) wanted;
      if (found != nearest) {
        assertThat(Math.abs(found - wanted) / Math.ulp(nearest))
            .as("%s ^ %s", x, y)
            .isLessThan(0.5001);
      }
      assertThat(ScalarMath.pow(-x, 3)).isEqualTo(-ScalarMath.pow(x, 3));
    }
  }
}
