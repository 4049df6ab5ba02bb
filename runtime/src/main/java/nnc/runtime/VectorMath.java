package nnc.runtime;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.BITWISE_BLEND;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;
import static nnc.runtime.Coefficients.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link ScalarMath} for the n elements x[from], x[from + 1], … in place: element
 * by element the same bits. Errors and special values are stated there; the algorithms are
 * explained there too.
 *
 * <p><b>Whole vectors are computed</b>, without a tail: what stands in the up to fifteen elements
 * that follow the row, to the next multiple of a vector's length, must exist and is lost.
 *
 * <p><b>No vector crosses a call.</b> One that HotSpot does not inline puts its vectors into boxes,
 * which costs a hundred times more than the arithmetic, and HotSpot inlines none of our methods
 * once a compilation has made 18,000 nodes, of which one operation on vectors makes 400 to 600. The
 * operations themselves it always inlines. So each function is one loop, written out, however much
 * it shares with another: it runs at full speed wherever it is called from.
 */
public final class VectorMath {
  private static final VectorSpecies<Float> S = VectorRows.SPECIES;
  private static final int SIGN = 0x80000000;

  private VectorMath() {}

  /** As {@link ScalarMath#exp}. */
  public static void exp(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector y = FloatVector.fromArray(S, x, i);
      y = y.blend(EXP_HIGH, y.compare(GT, EXP_HIGH));
      y = y.blend(EXP_LOW, y.compare(LT, EXP_LOW));
      FloatVector rounded = y.fma(LOG2_E, ROUNDER + 126);
      FloatVector turns = rounded.sub(ROUNDER + 126);
      FloatVector r = turns.fma(FloatVector.broadcast(S, -LN2_HIGH), y);
      r = turns.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector p =
          r.fma(EXPM1_4, EXPM1_3)
              .fma(r, FloatVector.broadcast(S, EXPM1_2))
              .fma(r, FloatVector.broadcast(S, EXPM1_1))
              .fma(r, FloatVector.broadcast(S, EXPM1_0));
      FloatVector q = r.mul(r).fma(p, r);
      FloatVector half = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      half.mul(q.fma(2f, 2f)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#expm1}. */
  public static void expm1(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector y = v.blend(EXP_HIGH, v.compare(GT, EXP_HIGH));
      y = y.blend(EXPM1_LOW, y.compare(LT, EXPM1_LOW));
      FloatVector rounded = y.fma(LOG2_E, ROUNDER + 126);
      FloatVector turns = rounded.sub(ROUNDER + 126);
      FloatVector r = turns.fma(FloatVector.broadcast(S, -LN2_HIGH), y);
      r = turns.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector p =
          r.fma(EXPM1_4, EXPM1_3)
              .fma(r, FloatVector.broadcast(S, EXPM1_2))
              .fma(r, FloatVector.broadcast(S, EXPM1_1))
              .fma(r, FloatVector.broadcast(S, EXPM1_0));
      FloatVector q = r.mul(r).fma(p, r);
      FloatVector half = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector result = half.fma(q, half.sub(0.5f)).mul(2f);
      result.blend(v, v.lanewise(ABS).compare(LT, TINY)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#log}. */
  public static void log(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      VectorMask<Float> denormal = v.compare(LT, Float.MIN_NORMAL);
      IntVector bits = v.blend(v.mul(0x1p23f), denormal).reinterpretAsInts();
      IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 23);
      FloatVector f = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
      FloatVector p =
          f.fma(LOG1P_7, LOG1P_6)
              .fma(f, FloatVector.broadcast(S, LOG1P_5))
              .fma(f, FloatVector.broadcast(S, LOG1P_4))
              .fma(f, FloatVector.broadcast(S, LOG1P_3))
              .fma(f, FloatVector.broadcast(S, LOG1P_2))
              .fma(f, FloatVector.broadcast(S, LOG1P_1))
              .fma(f, FloatVector.broadcast(S, LOG1P_0))
              .fma(f, FloatVector.broadcast(S, -0.5f));
      FloatVector log1p = f.mul(f).fma(p, f);
      FloatVector turns = (FloatVector) exponent.convert(I2F, 0);
      turns = turns.blend(turns.sub(23f), denormal);
      FloatVector result = turns.fma(FloatVector.broadcast(S, LN2_HIGH), log1p);
      result = result.blend(Float.NEGATIVE_INFINITY, v.compare(EQ, 0f));
      result = result.blend(Float.NaN, v.compare(LT, 0f));
      v.blend(result, v.compare(LT, Float.POSITIVE_INFINITY)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#log1p}. */
  public static void log1p(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      IntVector exponentBits = v.add(1f).reinterpretAsInts().sub(SQRT_HALF_BITS).and(0xff800000);
      FloatVector scaled = v.reinterpretAsInts().sub(exponentBits).reinterpretAsFloats();
      FloatVector fourOverPower = exponentBits.neg().add(0x40800000).reinterpretAsFloats();
      FloatVector f = fourOverPower.fma(0.25f, -1f).add(scaled);
      FloatVector p =
          f.fma(LOG1P_7, LOG1P_6)
              .fma(f, FloatVector.broadcast(S, LOG1P_5))
              .fma(f, FloatVector.broadcast(S, LOG1P_4))
              .fma(f, FloatVector.broadcast(S, LOG1P_3))
              .fma(f, FloatVector.broadcast(S, LOG1P_2))
              .fma(f, FloatVector.broadcast(S, LOG1P_1))
              .fma(f, FloatVector.broadcast(S, LOG1P_0))
              .fma(f, FloatVector.broadcast(S, -0.5f));
      FloatVector log1p = f.mul(f).fma(p, f);
      FloatVector turns = (FloatVector) exponentBits.lanewise(ASHR, 23).convert(I2F, 0);
      FloatVector result = turns.fma(FloatVector.broadcast(S, LN2_HIGH), log1p);
      result = result.blend(Float.NEGATIVE_INFINITY, v.compare(EQ, -1f));
      result = result.blend(Float.NaN, v.compare(LT, -1f));
      result = v.blend(result, v.compare(LT, Float.POSITIVE_INFINITY));
      result.blend(v, v.lanewise(ABS).compare(LT, TINY)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#tanh}. */
  public static void tanh(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector y = v.lanewise(ABS).mul(-2f);
      y = y.blend(EXPM1_LOW, y.compare(LT, EXPM1_LOW));
      FloatVector rounded = y.fma(LOG2_E, ROUNDER + 127);
      FloatVector turns = rounded.sub(ROUNDER + 127);
      FloatVector r = turns.fma(FloatVector.broadcast(S, -LN2_HIGH), y);
      r = turns.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector p =
          r.fma(EXPM1_4, EXPM1_3)
              .fma(r, FloatVector.broadcast(S, EXPM1_2))
              .fma(r, FloatVector.broadcast(S, EXPM1_1))
              .fma(r, FloatVector.broadcast(S, EXPM1_0));
      FloatVector q = r.mul(r).fma(p, r);
      FloatVector power = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector e = power.neg().fma(q, FloatVector.broadcast(S, 1f).sub(power));
      e.div(FloatVector.broadcast(S, 2f).sub(e))
          .reinterpretAsInts()
          .lanewise(XOR, v.reinterpretAsInts().and(SIGN))
          .reinterpretAsFloats()
          .intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#sigmoid}. */
  public static void sigmoid(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector y = v.lanewise(ABS).neg();
      y = y.blend(EXP_LOW, y.compare(LT, EXP_LOW));
      FloatVector rounded = y.fma(LOG2_E, ROUNDER + 126);
      FloatVector turns = rounded.sub(ROUNDER + 126);
      FloatVector r = turns.fma(FloatVector.broadcast(S, -LN2_HIGH), y);
      r = turns.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector p =
          r.fma(EXPM1_4, EXPM1_3)
              .fma(r, FloatVector.broadcast(S, EXPM1_2))
              .fma(r, FloatVector.broadcast(S, EXPM1_1))
              .fma(r, FloatVector.broadcast(S, EXPM1_0));
      FloatVector q = r.mul(r).fma(p, r);
      FloatVector half = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector z = half.mul(q.fma(2f, 2f));
      FloatVector.broadcast(S, 1f).blend(z, v.compare(LT, 0f)).div(z.add(1f)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#erf}. */
  public static void erf(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector y = FloatVector.fromArray(S, x, i);
      y = y.blend(ERF_HIGH, y.compare(GT, ERF_HIGH));
      y = y.blend(-ERF_HIGH, y.compare(LT, -ERF_HIGH));
      FloatVector z = y.mul(y);
      FloatVector p =
          z.fma(ERF_P5, ERF_P4)
              .fma(z, FloatVector.broadcast(S, ERF_P3))
              .fma(z, FloatVector.broadcast(S, ERF_P2))
              .fma(z, FloatVector.broadcast(S, ERF_P1))
              .fma(z, FloatVector.broadcast(S, ERF_P0));
      FloatVector q =
          z.fma(ERF_Q5, ERF_Q4)
              .fma(z, FloatVector.broadcast(S, ERF_Q3))
              .fma(z, FloatVector.broadcast(S, ERF_Q2))
              .fma(z, FloatVector.broadcast(S, ERF_Q1))
              .fma(z, FloatVector.broadcast(S, ERF_Q0));
      FloatVector result = y.mul(p).div(q);
      result = result.blend(1f, result.compare(GT, 1f));
      result.blend(-1f, result.compare(LT, -1f)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#sin}. */
  public static void sin(float[] x, int from, int n) {
    sinOfTurned(x, from, n, 0);
  }

  /** As {@link ScalarMath#cos}. */
  public static void cos(float[] x, int from, int n) {
    sinOfTurned(x, from, n, 1);
  }

  /** As {@link ScalarMath#floor}. */
  public static void floor(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector a = v.lanewise(ABS);
      FloatVector nearest =
          a.add(0x1p23f)
              .sub(0x1p23f)
              .reinterpretAsInts()
              .lanewise(XOR, v.reinterpretAsInts().and(SIGN))
              .reinterpretAsFloats();
      nearest = v.blend(nearest, a.compare(LT, 0x1p23f));
      nearest.blend(nearest.sub(1f), nearest.compare(GT, v)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#round}. */
  public static void round(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      // from 2^23 on every float is an integer; below, adding 2^23 rounds to one
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector a = v.lanewise(ABS);
      FloatVector nearest =
          a.add(0x1p23f)
              .sub(0x1p23f)
              .reinterpretAsInts()
              .lanewise(XOR, v.reinterpretAsInts().and(SIGN))
              .reinterpretAsFloats();
      v.blend(nearest, a.compare(LT, 0x1p23f)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#sign}. */
  public static void sign(float[] x, int from, int n) {
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      v.blend(1f, v.compare(GT, 0f)).blend(-1f, v.compare(LT, 0f)).intoArray(x, i);
    }
  }

  /** As {@link ScalarMath#pow}, one number after the other: x^y for one y. */
  public static void pow(float[] x, int from, int n, float y) {
    for (int i = from; i < from + n; i++) {
      x[i] = ScalarMath.pow(x[i], y);
    }
  }

  /** As {@link ScalarMath#pow}, one number after the other: x^y for y[yFrom], y[yFrom + 1], … */
  public static void pow(float[] x, int from, int n, float[] y, int yFrom) {
    for (int i = 0; i < n; i++) {
      x[from + i] = ScalarMath.pow(x[from + i], y[yFrom + i]);
    }
  }

  /** With no turn sin x; with one, a quarter of the circle, sin(|x| + pi/2), which is cos x. */
  private static void sinOfTurned(float[] x, int from, int n, int turns) {
    int sign = turns == 0 ? SIGN : 0;
    for (int i = from; i < from + n; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector a = v.lanewise(ABS);
      if (a.compare(GT, TURN_LIMIT).anyTrue()) {
        sinOfFar(x, i, turns);
        continue;
      }
      FloatVector rounded = a.fma(TWO_OVER_PI, ROUNDER);
      FloatVector quarters = rounded.sub(ROUNDER);
      FloatVector r = quarters.fma(FloatVector.broadcast(S, -HALF_PI_HIGH), a);
      r = quarters.fma(FloatVector.broadcast(S, -HALF_PI_MIDDLE), r);
      r = quarters.fma(FloatVector.broadcast(S, -HALF_PI_LOW), r);
      FloatVector z = r.mul(r);
      FloatVector sine =
          z.fma(SIN_2, SIN_1).fma(z, FloatVector.broadcast(S, SIN_0)).fma(z.mul(r), r);
      FloatVector cosine =
          z.fma(COS_2, COS_1)
              .fma(z, FloatVector.broadcast(S, COS_0))
              .fma(z, FloatVector.broadcast(S, -0.5f))
              .fma(z, FloatVector.broadcast(S, 1f));
      IntVector quadrant = rounded.reinterpretAsInts().add(turns);
      sine.reinterpretAsInts()
          .lanewise(BITWISE_BLEND, cosine.reinterpretAsInts(), quadrant.and(1).neg())
          .lanewise(XOR, quadrant.and(2).lanewise(LSHL, 30))
          .lanewise(XOR, v.reinterpretAsInts().and(sign))
          .reinterpretAsFloats()
          .intoArray(x, i);
    }
  }

  /** One vector, number by number: beyond 2^17 sine and cosine are {@link StrictMath}'s. */
  private static void sinOfFar(float[] x, int from, int turns) {
    for (int i = from; i < from + S.length(); i++) {
      x[i] = turns == 0 ? ScalarMath.sin(x[i]) : ScalarMath.cos(x[i]);
    }
  }
}
