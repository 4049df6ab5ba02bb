package nnc.runtime;

import static nnc.runtime.Coefficients.*;

/**
 * Elementary functions of one float, the oracle of {@link VectorMath}: the same algorithm, the same order, the same bits.
 * Every product with a sum is one fused multiply-add, so results do not depend on the machine either.
 *
 * <p>Special values are those of {@link StrictMath} (NaN in, NaN out; signs of zeros kept; denormals neither flushed on
 * the way in nor on the way out). The stated errors are the largest seen against {@link StrictMath} in double, in units
 * in the last place of the exact result.
 */
public final class ScalarMath {
  private ScalarMath() {}

  /** e^x, within 1.1 ulp. */
  public static float exp(float x) {
    float y = x > EXP_HIGH ? EXP_HIGH : x;
    y = y < EXP_LOW ? EXP_LOW : y;
    float rounded = Math.fma(y, LOG2_E, ROUNDER + 254);
    float e = 1 + expm1Reduced(y, rounded - (ROUNDER + 254));
    // 2^n with n from -150 to 128 is no float: multiply by 2^(n/2) twice. The low bits of 'rounded' are n + 2 * 127.
    int twice = Float.floatToRawIntBits(rounded);
    int half = twice >>> 1;
    return e * Float.intBitsToFloat(half << 23) * Float.intBitsToFloat((twice - half) << 23);
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

  /** Hyperbolic tangent, within 3 ulp, odd to the last bit. */
  public static float tanh(float x) {
    float e = oneMinusExp(-2 * Math.abs(x));
    return flippedBy(x, e / (2 - e));
  }

  /** 1 / (1 + e^-x), within 3 ulp in both tails. */
  public static float sigmoid(float x) {
    float y = -Math.abs(x);
    y = y < EXP_LOW ? EXP_LOW : y;
    float rounded = Math.fma(y, LOG2_E, ROUNDER + 159);
    float e = 1 + expm1Reduced(y, rounded - (ROUNDER + 159));
    // z = e^-|x| may be denormal: scaled by 2^(n + 32), then by 2^-32
    float z = e * Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23) * 0x1p-32f;
    return (x < 0 ? z : 1f) / (1 + z);
  }

  /** Error function 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 2 ulp, odd to the last bit. */
  public static float erf(float x) {
    float t = Math.abs(x);
    t = t > ERF_HIGH ? ERF_HIGH : t;
    float p = Math.fma(t, ERFC_5, ERFC_4);
    p = Math.fma(p, t, ERFC_3);
    p = Math.fma(p, t, ERFC_2);
    p = Math.fma(p, t, ERFC_1);
    p = Math.fma(p, t, ERFC_0);
    float tail = oneMinusExp(p * t);
    return flippedBy(x, t > ERF_SPLIT ? tail : erfNearZero(t));
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

  /** 1 / sqrt(x), within 1.5 ulp. */
  public static float rsqrt(float x) {
    return 1 / (float) Math.sqrt(x);
  }

  /** x^y as {@link StrictMath#pow}, rounded to float. */
  public static float pow(float x, float y) {
    return (float) StrictMath.pow(x, y);
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

  /** 1 - e^y for y <= 0, without cancellation near 0 and never negative. */
  private static float oneMinusExp(float y) {
    float z = y < EXPM1_LOW ? EXPM1_LOW : y;
    float rounded = Math.fma(z, LOG2_E, ROUNDER + 127);
    float q = expm1Reduced(z, rounded - (ROUNDER + 127));
    float power = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23);
    return Math.fma(-power, q, 1 - power);
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

  /** erf(t) for 0 <= t <= ERF_SPLIT. */
  private static float erfNearZero(float t) {
    float s = t * t;
    float p = Math.fma(s, ERF_5, ERF_4);
    p = Math.fma(p, s, ERF_3);
    p = Math.fma(p, s, ERF_2);
    p = Math.fma(p, s, ERF_1);
    p = Math.fma(p, s, ERF_0);
    return Math.fma(p, t, t);
  }

  /** sin(a + turns pi/2) for 0 <= a <= TURN_LIMIT: a = n pi/2 + r, and n + turns chooses among sin r, cos r, -sin r, -cos r. */
  private static float sinOfTurned(float a, int turns) {
    float rounded = Math.fma(a, TWO_OVER_PI, ROUNDER);
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -HALF_PI_HIGH, a);
    r = Math.fma(n, -HALF_PI_MIDDLE, r);
    r = Math.fma(n, -HALF_PI_LOW, r);
    int quadrant = Float.floatToRawIntBits(rounded) + turns;
    float value = (quadrant & 1) == 0 ? sinReduced(r) : cosReduced(r);
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ ((quadrant & 2) << 30));
  }

  private static float sinReduced(float r) {
    float s = r * r;
    float p = Math.fma(s, SIN_2, SIN_1);
    p = Math.fma(p, s, SIN_0);
    return Math.fma(p, s * r, r);
  }

  private static float cosReduced(float r) {
    float s = r * r;
    float p = Math.fma(s, COS_2, COS_1);
    p = Math.fma(p, s, COS_0);
    p = Math.fma(p, s, -0.5f);
    return Math.fma(p, s, 1f);
  }

  /** y with its sign turned where x is negative. */
  private static float flippedBy(float x, float y) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ (Float.floatToRawIntBits(x) & 0x80000000));
  }
}
