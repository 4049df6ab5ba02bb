package nnc.runtime;

/**
 * Constants that {@link ScalarMath} and {@link VectorMath} share, so that both compute the same
 * bits. The polynomials are minimax fits (Remez exchange on the relative error of the whole
 * function, coefficients rounded to float one after the other and the rest refitted); the bound
 * beside each is what remains after rounding. A half ulp is 2^-24.
 */
final class Coefficients {
  private Coefficients() {}

  /** Adding it rounds a float below 2^22 to an integer, which then stands in the low bits of the sum. */
  static final float ROUNDER = 0x1.8p23f;

  static final float LOG2_E = 0x1.715476p0f;
  static final float LN2_HIGH = 0x1.62e430p-1f;
  static final float LN2_LOW = -0x1.05c610p-29f;

  /** expm1(r) = r + r^2 P(r) for |r| <= ln(2)/2, to 2^-25.8. */
  static final float EXPM1_0 = 0x1.fffffep-2f;

  static final float EXPM1_1 = 0x1.555494p-3f;
  static final float EXPM1_2 = 0x1.5556fcp-5f;
  static final float EXPM1_3 = 0x1.123e1ep-7f;
  static final float EXPM1_4 = 0x1.6bb6c0p-10f;

  /** Already here exp is 0: a power of two that would be denormal stands for 0. */
  static final float EXP_LOW = -87.4f;

  /** Here exp is infinite. */
  static final float EXP_HIGH = 89f;

  /** Below it expm1 is -1 to the last bit. */
  static final float EXPM1_LOW = -18f;

  /** Where |x| is smaller, x itself is expm1(x) and log1p(x), and the sign of a zero is kept. */
  static final float TINY = 0x1p-24f;

  /** The bits of sqrt(1/2): mantissas are taken from [sqrt(1/2), sqrt(2)). */
  static final int SQRT_HALF_BITS = 0x3f3504f3;

  /** log1p(f) = f - f^2/2 + f^3 P(f) for sqrt(1/2) <= 1 + f < sqrt(2), to 2^-27.2. */
  static final float LOG1P_0 = 0x1.555554p-2f;

  static final float LOG1P_1 = -0x1.000228p-2f;
  static final float LOG1P_2 = 0x1.99a036p-3f;
  static final float LOG1P_3 = -0x1.547228p-3f;
  static final float LOG1P_4 = 0x1.22d5e4p-3f;
  static final float LOG1P_5 = -0x1.0d81a2p-3f;
  static final float LOG1P_6 = 0x1.057546p-3f;
  static final float LOG1P_7 = -0x1.39059cp-4f;

  static final float TWO_OVER_PI = 0x1.45f306p-1f;

  /** pi/2 in three parts of 24 bits each (Cody and Waite 1980). */
  static final float HALF_PI_HIGH = 0x1.921fb6p0f;

  static final float HALF_PI_MIDDLE = -0x1.777a5cp-25f;
  static final float HALF_PI_LOW = -0x1.ee59dap-50f;

  /** Up to here three parts of pi/2 are enough. */
  static final float TURN_LIMIT = 0x1p17f;

  static final int TURN_LIMIT_EXPONENT = 17;

  /** 2^-8 2/pi: the first bits of the fraction, for numbers beyond the limit. */
  static final int[] TWO_OVER_PI_BITS = {
    0x00a2f983, 0x6e4e4415, 0x29fc2757, 0xd1f534dd, 0xc0db6295, 0x993c4390, 0x41fe5163
  };

  /** sin(r) = r + r^3 P(r^2) for |r| <= 1.01 pi/4, to 2^-27.8. */
  static final float SIN_0 = -0x1.555544p-3f;

  static final float SIN_1 = 0x1.1106c6p-7f;
  static final float SIN_2 = -0x1.991c28p-13f;

  /** cos(r) = 1 - r^2/2 + r^4 P(r^2) for |r| <= 1.01 pi/4, to 2^-32.7. */
  static final float COS_0 = 0x1.55554ap-5f;

  static final float COS_1 = -0x1.6c0c14p-10f;
  static final float COS_2 = 0x1.99de6ap-16f;

  /**
   * erf(x) = x P(x^2) / Q(x^2) for |x| <= ERF_HIGH, to 2^-25; beyond it is 1. P and Q have a common
   * factor that rounds well.
   */
  static final float ERF_HIGH = 3.95f;

  static final float ERF_P0 = 0x1.681292p0f;
  static final float ERF_P1 = 0x1.e90082p-3f;
  static final float ERF_P2 = 0x1.0df77cp-4f;
  static final float ERF_P3 = 0x1.3718d6p-8f;
  static final float ERF_P4 = 0x1.741aa4p-12f;
  static final float ERF_P5 = 0x1.52f010p-19f;

  static final float ERF_Q0 = 0x1.3f1b22p0f;
  static final float ERF_Q1 = 0x1.41141ep-1f;
  static final float ERF_Q2 = 0x1.247460p-3f;
  static final float ERF_Q3 = 0x1.337808p-6f;
  static final float ERF_Q4 = 0x1.7e8e20p-10f;
  static final float ERF_Q5 = 0x1.8b95c6p-15f;
}
