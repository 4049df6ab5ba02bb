package nnc.runtime;

import static nnc.runtime.Coefficients.*;

/**
 * Elementary functions of one float, the oracle of {@link VectorMath}: the same algorithm, the same
 * order, the same bits. Every product with a sum is one fused multiply-add, so results do not
 * depend on the machine either.
 *
 * <p>Special values are those of {@link StrictMath}: NaN in, NaN out; signs of zeros are kept;
 * denormals are numbers, except where {@link #exp} and {@link #sigmoid} would return one. The
 * stated errors are the largest seen against {@link StrictMath} in double, in units in the last
 * place of the exact result.
 */
public final class ScalarMath {
  private ScalarMath() {}

  /** e^x, within 1.1 ulp; 0 below x = -86.99 (1.7e-38), just before results become denormal. */
  public static float exp(float x) {
    float y = x > EXP_HIGH ? EXP_HIGH : x;
    y = y < EXP_LOW ? EXP_LOW : y;
    float rounded = Math.fma(y, LOG2_E, ROUNDER + 126);
    float q = expm1Reduced(y, rounded - (ROUNDER + 126));
    // 2^(n - 1) times 2 (1 + q), because 2^128 is no float; the low bits of 'rounded' are n - 1 +
    // 127
    float half = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23);
    return half * Math.fma(2f, q, 2f);
  }

  /** e^x - 1 without cancellation near 0, within 2 ulp. */
  public static float expm1(float x) {
    float y = x > EXP_HIGH ? EXP_HIGH : x;
    y = y < EXPM1_LOW ? EXPM1_LOW : y;
    float rounded = Math.fma(y, LOG2_E, ROUNDER + 126);
    float q = expm1Reduced(y, rounded - (ROUNDER + 126));
    // 2^n (1 + q) - 1, computed at half its size because 2^128 is no float
    float half = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23);
    float result = 2 * Math.fma(half, q, half - 0.5f);
    return Math.abs(x) < TINY ? x : result;
  }

  /** Natural logarithm, within 1 ulp; -inf at 0, NaN below. */
  public static float log(float x) {
    boolean denormal = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(denormal ? x * 0x1p23f : x);
    int exponent = (bits - SQRT_HALF_BITS) >> 23;
    float mantissa = Float.intBitsToFloat(bits - (exponent << 23));
    float turns = (float) exponent + (denormal ? -23f : 0f);
    float result = Math.fma(turns, LN2_HIGH, log1pReduced(mantissa - 1));
    result = x == 0 ? Float.NEGATIVE_INFINITY : result;
    result = x < 0 ? Float.NaN : result;
    return x < Float.POSITIVE_INFINITY ? result : x;
  }

  /** log(1 + x) without cancellation near 0, within 2 ulp; -inf at -1, NaN below. */
  public static float log1p(float x) {
    int exponentBits = (Float.floatToRawIntBits(1 + x) - SQRT_HALF_BITS) & 0xff800000;
    // 1 + x = 2^k (1 + f), so f = x 2^-k + (2^-k - 1): no rounding of 1 + x enters
    float scaled = Float.intBitsToFloat(Float.floatToRawIntBits(x) - exponentBits);
    float fourOverPower = Float.intBitsToFloat(0x40800000 - exponentBits);
    float f = scaled + Math.fma(0.25f, fourOverPower, -1f);
    float result = Math.fma((float) (exponentBits >> 23), LN2_HIGH, log1pReduced(f));
    result = x == -1 ? Float.NEGATIVE_INFINITY : result;
    result = x < -1 ? Float.NaN : result;
    result = x < Float.POSITIVE_INFINITY ? result : x;
    return Math.abs(x) < TINY ? x : result;
  }

  /** Hyperbolic tangent, within 3 ulp, never beyond 1, odd to the last bit. */
  public static float tanh(float x) {
    float y = -2 * Math.abs(x);
    y = y < EXPM1_LOW ? EXPM1_LOW : y;
    float rounded = Math.fma(y, LOG2_E, ROUNDER + 127);
    float q = expm1Reduced(y, rounded - (ROUNDER + 127));
    float power = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23);
    // e = 1 - e^-2|x|, without cancellation near 0
    float e = Math.fma(-power, q, 1 - power);
    return flippedBy(x, e / (2 - e));
  }

  /** 1 / (1 + e^-x), within 3 ulp in both tails; 0 below x = -86.99, as {@link #exp}. */
  public static float sigmoid(float x) {
    float y = -Math.abs(x);
    y = y < EXP_LOW ? EXP_LOW : y;
    float rounded = Math.fma(y, LOG2_E, ROUNDER + 126);
    float q = expm1Reduced(y, rounded - (ROUNDER + 126));
    float z = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23) * Math.fma(2f, q, 2f);
    return (x < 0 ? z : 1f) / (1 + z);
  }

  /**
   * Error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x; within 6 ulp (3.6e-7), never
   * beyond 1, odd to the last bit.
   */
  public static float erf(float x) {
    float y = x > ERF_HIGH ? ERF_HIGH : x;
    y = y < -ERF_HIGH ? -ERF_HIGH : y;
    float z = y * y;
    float p = Math.fma(z, ERF_P5, ERF_P4);
    p = Math.fma(p, z, ERF_P3);
    p = Math.fma(p, z, ERF_P2);
    p = Math.fma(p, z, ERF_P1);
    p = Math.fma(p, z, ERF_P0);
    float q = Math.fma(z, ERF_Q5, ERF_Q4);
    q = Math.fma(q, z, ERF_Q3);
    q = Math.fma(q, z, ERF_Q2);
    q = Math.fma(q, z, ERF_Q1);
    q = Math.fma(q, z, ERF_Q0);
    float result = y * p / q;
    result = result > 1 ? 1f : result;
    return result < -1 ? -1f : result;
  }

  /** Sine, within 2 ulp; exact argument reduction to |x| = 2^17, beyond that {@link StrictMath#sin}. */
  public static float sin(float x) {
    if (Math.abs(x) > TURN_LIMIT) {
      return (float) StrictMath.sin(x);
    }
    return flippedBy(x, sinOfTurned(Math.abs(x), 0));
  }

  /** Cosine, within 2 ulp; exact argument reduction to |x| = 2^17, beyond that {@link StrictMath#cos}. */
  public static float cos(float x) {
    if (Math.abs(x) > TURN_LIMIT) {
      return (float) StrictMath.cos(x);
    }
    return sinOfTurned(Math.abs(x), 1);
  }

  /** Square root, correctly rounded. */
  public static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  /** x^y, computed in double precision and rounded: within 0.5001 ulp. */
  public static float pow(float x, float y) {
    if (y == 0) {
      return 1;
    }
    boolean whole = Math.rint(y) == y;
    if (x < 0 && x > Float.NEGATIVE_INFINITY && !whole) {
      return Float.NaN;
    }
    boolean odd = whole && ((long) y & 1) != 0 && Math.abs(y) < 0x1p24f;
    float result = (float) exp2(y * log2(Math.abs(x)));
    return odd ? Math.copySign(result, x) : result;
  }

  /** The largest integer not above x. */
  public static float floor(float x) {
    return (float) Math.floor(x);
  }

  /** The nearest integer, the even one of two. */
  public static float round(float x) {
    return (float) Math.rint(x);
  }

  /** -1, 0 or 1; zeros keep their sign, NaN stays NaN. */
  public static float sign(float x) {
    return Math.signum(x);
  }

  /** log2(x) of a float that is not negative. */
  private static double log2(double x) {
    if (x == 0 || !(x < Double.POSITIVE_INFINITY)) {
      return x == 0 ? Double.NEGATIVE_INFINITY : x;
    }
    // x = m 2^n with sqrt(1/2) <= m < sqrt(2), and log m = 2 artanh((m - 1) / (m + 1))
    int n = Math.getExponent(x * 0x1.6a09e667f3bcdp0);
    double m = x * Double.longBitsToDouble((1023L - n) << 52);
    double s = (m - 1) / (m + 1);
    double z = s * s;
    double series = 0;
    for (int k = 21; k > 0; k -= 2) {
      series = Math.fma(series, z, 1.0 / k);
    }
    return Math.fma(2 * s * series, 1.4426950408889634, n);
  }

  /** 2^x, 0 or infinite where it is for floats. */
  private static double exp2(double x) {
    double y = Math.max(-200, Math.min(200, x));
    double n = Math.rint(y);
    double r = (y - n) * 0.6931471805599453;
    double series = 1;
    for (int k = 13; k > 0; k--) {
      series = Math.fma(series, r / k, 1);
    }
    return series * Double.longBitsToDouble((long) (n + 1023) << 52);
  }

  /** With r = y - n ln(2): expm1(r), |r| at most a little over ln(2)/2. */
  private static float expm1Reduced(float y, float n) {
    float r = Math.fma(n, -LN2_HIGH, y);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(r, EXPM1_4, EXPM1_3);
    p = Math.fma(p, r, EXPM1_2);
    p = Math.fma(p, r, EXPM1_1);
    p = Math.fma(p, r, EXPM1_0);
    return Math.fma(r * r, p, r);
  }

  /** log(1 + f) for sqrt(1/2) <= 1 + f < sqrt(2). */
  private static float log1pReduced(float f) {
    float p = Math.fma(f, LOG1P_7, LOG1P_6);
    p = Math.fma(p, f, LOG1P_5);
    p = Math.fma(p, f, LOG1P_4);
    p = Math.fma(p, f, LOG1P_3);
    p = Math.fma(p, f, LOG1P_2);
    p = Math.fma(p, f, LOG1P_1);
    p = Math.fma(p, f, LOG1P_0);
    p = Math.fma(p, f, -0.5f);
    return Math.fma(f * f, p, f);
  }

  /**
   * sin(a + turns pi/2) for 0 <= a <= TURN_LIMIT: a = n pi/2 + r, and n + turns chooses among sin r,
   * cos r, -sin r, -cos r.
   */
  private static float sinOfTurned(float a, int turns) {
    float rounded = Math.fma(a, TWO_OVER_PI, ROUNDER);
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -HALF_PI_HIGH, a);
    r = Math.fma(n, -HALF_PI_MIDDLE, r);
    r = Math.fma(n, -HALF_PI_LOW, r);
    float s = r * r;
    float sine = Math.fma(Math.fma(Math.fma(s, SIN_2, SIN_1), s, SIN_0), s * r, r);
    float cosine = Math.fma(s, COS_2, COS_1);
    cosine = Math.fma(cosine, s, COS_0);
    cosine = Math.fma(Math.fma(cosine, s, -0.5f), s, 1f);
    int quadrant = Float.floatToRawIntBits(rounded) + turns;
    float value = (quadrant & 1) == 0 ? sine : cosine;
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ ((quadrant & 2) << 30));
  }

  /** y with its sign turned where x is negative. */
  private static float flippedBy(float x, float y) {
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(y) ^ (Float.floatToRawIntBits(x) & 0x80000000));
  }
}
