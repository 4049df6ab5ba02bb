package nnc.runtime;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.BITWISE_BLEND;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;
import static jdk.incubator.vector.VectorOperators.XOR;
import static nnc.runtime.Coefficients.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link ScalarMath} for vectors of any species, lane by lane the same bits. Errors and special values
 * are stated there; the algorithms are explained there too.
 *
 * <p>Every method here is below the size up to which HotSpot inlines (325 bytes of bytecode): a vector that crosses a call
 * that is not inlined is put into a box, which costs a hundred times more than the arithmetic. A loop body should call about
 * one of exp, expm1, log, log1p, tanh, sigmoid, erf, sin, cos: with several, vectors no longer fit into registers.
 *
 * <p>{@link #pow}, and {@link #sin} and {@link #cos} beyond 2^17, leave the vector for {@link StrictMath}, and allocate.
 */
public final class VectorMath {
  private static final int SIGN = 0x80000000;

  private VectorMath() {}

  /** As {@link ScalarMath#exp}. */
  public static FloatVector exp(FloatVector x) {
    FloatVector y = x.blend(EXP_HIGH, x.compare(GT, EXP_HIGH));
    y = y.blend(EXP_LOW, y.compare(LT, EXP_LOW));
    FloatVector rounded = y.fma(broadcast(x, LOG2_E), broadcast(x, ROUNDER + 254));
    FloatVector e = expm1Reduced(y, rounded.sub(ROUNDER + 254)).add(1f);
    IntVector twice = rounded.reinterpretAsInts();
    IntVector half = twice.lanewise(LSHR, 1);
    return e.mul(half.lanewise(LSHL, 23).reinterpretAsFloats())
        .mul(twice.sub(half).lanewise(LSHL, 23).reinterpretAsFloats());
  }

  /** As {@link ScalarMath#expm1}. */
  public static FloatVector expm1(FloatVector x) {
    FloatVector y = x.blend(EXP_HIGH, x.compare(GT, EXP_HIGH));
    y = y.blend(EXPM1_LOW, y.compare(LT, EXPM1_LOW));
    FloatVector rounded = y.fma(broadcast(x, LOG2_E), broadcast(x, ROUNDER + 126));
    FloatVector q = expm1Reduced(y, rounded.sub(ROUNDER + 126));
    FloatVector half = powerInLowBits(rounded);
    FloatVector result = half.fma(q, half.sub(0.5f)).mul(2f);
    return result.blend(x, x.lanewise(ABS).compare(LT, TINY));
  }

  /** As {@link ScalarMath#log}. */
  public static FloatVector log(FloatVector x) {
    VectorMask<Float> denormal = x.compare(LT, Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(0x1p23f), denormal).reinterpretAsInts();
    IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 23);
    FloatVector mantissa = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats();
    FloatVector turns = (FloatVector) exponent.convert(I2F, 0);
    turns = turns.blend(turns.sub(23f), denormal);
    FloatVector result = turns.fma(broadcast(x, LN2_HIGH), log1pReduced(mantissa.sub(1f)));
    result = result.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    result = result.blend(Float.NaN, x.compare(LT, 0f));
    return x.blend(result, x.compare(LT, Float.POSITIVE_INFINITY));
  }

  /** As {@link ScalarMath#log1p}. */
  public static FloatVector log1p(FloatVector x) {
    IntVector exponentBits = x.add(1f).reinterpretAsInts().sub(SQRT_HALF_BITS).and(0xff800000);
    FloatVector scaled = x.reinterpretAsInts().sub(exponentBits).reinterpretAsFloats();
    FloatVector fourOverPower = exponentBits.neg().add(0x40800000).reinterpretAsFloats();
    FloatVector f = scaled.add(fourOverPower.fma(broadcast(x, 0.25f), broadcast(x, -1f)));
    FloatVector turns = (FloatVector) exponentBits.lanewise(ASHR, 23).convert(I2F, 0);
    FloatVector result = turns.fma(broadcast(x, LN2_HIGH), log1pReduced(f));
    result = result.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, -1f));
    result = result.blend(Float.NaN, x.compare(LT, -1f));
    result = x.blend(result, x.compare(LT, Float.POSITIVE_INFINITY));
    return result.blend(x, x.lanewise(ABS).compare(LT, TINY));
  }

  /** As {@link ScalarMath#tanh}. */
  public static FloatVector tanh(FloatVector x) {
    FloatVector e = oneMinusExp(x.lanewise(ABS).mul(-2f));
    return flippedBy(x, e.div(broadcast(x, 2f).sub(e)));
  }

  /** As {@link ScalarMath#sigmoid}. */
  public static FloatVector sigmoid(FloatVector x) {
    FloatVector y = x.lanewise(ABS).neg();
    y = y.blend(EXP_LOW, y.compare(LT, EXP_LOW));
    FloatVector rounded = y.fma(broadcast(x, LOG2_E), broadcast(x, ROUNDER + 159));
    FloatVector e = expm1Reduced(y, rounded.sub(ROUNDER + 159)).add(1f);
    FloatVector z = e.mul(powerInLowBits(rounded)).mul(0x1p-32f);
    return broadcast(x, 1f).blend(z, x.compare(LT, 0f)).div(z.add(1f));
  }

  /** As {@link ScalarMath#erf}. */
  public static FloatVector erf(FloatVector x) {
    FloatVector t = x.lanewise(ABS);
    t = t.blend(ERF_HIGH, t.compare(GT, ERF_HIGH));
    FloatVector p = t.fma(broadcast(x, ERFC_5), broadcast(x, ERFC_4));
    p = p.fma(t, broadcast(x, ERFC_3));
    p = p.fma(t, broadcast(x, ERFC_2));
    p = p.fma(t, broadcast(x, ERFC_1));
    p = p.fma(t, broadcast(x, ERFC_0));
    FloatVector tail = oneMinusExp(p.mul(t));
    return flippedBy(x, erfNearZero(t).blend(tail, t.compare(GT, ERF_SPLIT)));
  }

  /** As {@link ScalarMath#sin}. */
  public static FloatVector sin(FloatVector x) {
    FloatVector a = x.lanewise(ABS);
    FloatVector result = flippedBy(x, sinOfTurned(a, 0));
    VectorMask<Float> far = a.compare(GT, TURN_LIMIT);
    if (far.anyTrue()) {
      // through memory, not through a method that returns a vector: that would box it on the common path too
      float[] lanes = x.toArray();
      ScalarLanes.sin(lanes);
      result = FloatVector.fromArray(x.species(), lanes, 0);
    }
    return result;
  }

  /** As {@link ScalarMath#cos}. */
  public static FloatVector cos(FloatVector x) {
    FloatVector a = x.lanewise(ABS);
    FloatVector result = sinOfTurned(a, 1);
    VectorMask<Float> far = a.compare(GT, TURN_LIMIT);
    if (far.anyTrue()) {
      float[] lanes = x.toArray();
      ScalarLanes.cos(lanes);
      result = FloatVector.fromArray(x.species(), lanes, 0);
    }
    return result;
  }

  /** As {@link ScalarMath#sqrt}. */
  public static FloatVector sqrt(FloatVector x) {
    return x.lanewise(SQRT);
  }

  /** As {@link ScalarMath#rsqrt}. */
  public static FloatVector rsqrt(FloatVector x) {
    return broadcast(x, 1f).div(x.lanewise(SQRT));
  }

  /** As {@link ScalarMath#pow}, one lane after the other. */
  public static FloatVector pow(FloatVector x, FloatVector y) {
    float[] lanes = x.toArray();
    ScalarLanes.pow(lanes, y.toArray());
    return FloatVector.fromArray(x.species(), lanes, 0);
  }

  /** As {@link ScalarMath#floor}. */
  public static FloatVector floor(FloatVector x) {
    FloatVector nearest = round(x);
    FloatVector below = nearest.sub(1f);
    return nearest.blend(below, nearest.compare(GT, x));
  }

  /** As {@link ScalarMath#round}. */
  public static FloatVector round(FloatVector x) {
    // from 2^23 on every float is an integer; below, adding 2^23 rounds to one
    FloatVector a = x.lanewise(ABS);
    FloatVector nearest = flippedBy(x, a.add(0x1p23f).sub(0x1p23f));
    return x.blend(nearest, a.compare(LT, 0x1p23f));
  }

  /** As {@link ScalarMath#sign}. */
  public static FloatVector sign(FloatVector x) {
    return x.blend(1f, x.compare(GT, 0f)).blend(-1f, x.compare(LT, 0f));
  }

  private static FloatVector broadcast(FloatVector like, float value) {
    return FloatVector.broadcast(like.species(), value);
  }

  private static FloatVector expm1Reduced(FloatVector y, FloatVector n) {
    FloatVector r = n.fma(broadcast(y, -LN2_HIGH), y);
    r = n.fma(broadcast(y, -LN2_LOW), r);
    FloatVector p = r.fma(broadcast(y, EXPM1_4), broadcast(y, EXPM1_3));
    p = p.fma(r, broadcast(y, EXPM1_2));
    p = p.fma(r, broadcast(y, EXPM1_1));
    p = p.fma(r, broadcast(y, EXPM1_0));
    return r.mul(r).fma(p, r);
  }

  private static FloatVector oneMinusExp(FloatVector y) {
    FloatVector z = y.blend(EXPM1_LOW, y.compare(LT, EXPM1_LOW));
    FloatVector rounded = z.fma(broadcast(y, LOG2_E), broadcast(y, ROUNDER + 127));
    FloatVector q = expm1Reduced(z, rounded.sub(ROUNDER + 127));
    FloatVector power = powerInLowBits(rounded);
    return power.neg().fma(q, broadcast(y, 1f).sub(power));
  }

  /** The float whose biased exponent stands in the low eight bits. */
  private static FloatVector powerInLowBits(FloatVector rounded) {
    return rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
  }

  private static FloatVector log1pReduced(FloatVector f) {
    FloatVector p = f.fma(broadcast(f, LOG1P_7), broadcast(f, LOG1P_6));
    p = p.fma(f, broadcast(f, LOG1P_5));
    p = p.fma(f, broadcast(f, LOG1P_4));
    p = p.fma(f, broadcast(f, LOG1P_3));
    p = p.fma(f, broadcast(f, LOG1P_2));
    p = p.fma(f, broadcast(f, LOG1P_1));
    p = p.fma(f, broadcast(f, LOG1P_0));
    p = p.fma(f, broadcast(f, -0.5f));
    return f.mul(f).fma(p, f);
  }

  private static FloatVector erfNearZero(FloatVector t) {
    FloatVector s = t.mul(t);
    FloatVector p = s.fma(broadcast(t, ERF_5), broadcast(t, ERF_4));
    p = p.fma(s, broadcast(t, ERF_3));
    p = p.fma(s, broadcast(t, ERF_2));
    p = p.fma(s, broadcast(t, ERF_1));
    p = p.fma(s, broadcast(t, ERF_0));
    return p.fma(t, t);
  }

  private static FloatVector sinOfTurned(FloatVector a, int turns) {
    FloatVector rounded = a.fma(broadcast(a, TWO_OVER_PI), broadcast(a, ROUNDER));
    FloatVector n = rounded.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(a, -HALF_PI_HIGH), a);
    r = n.fma(broadcast(a, -HALF_PI_MIDDLE), r);
    r = n.fma(broadcast(a, -HALF_PI_LOW), r);
    IntVector quadrant = rounded.reinterpretAsInts().add(turns);
    IntVector odd = quadrant.and(1).neg();
    IntVector value = sinReduced(r).reinterpretAsInts().lanewise(BITWISE_BLEND, cosReduced(r).reinterpretAsInts(), odd);
    return value.lanewise(XOR, quadrant.and(2).lanewise(LSHL, 30)).reinterpretAsFloats();
  }

  private static FloatVector sinReduced(FloatVector r) {
    FloatVector s = r.mul(r);
    FloatVector p = s.fma(broadcast(r, SIN_2), broadcast(r, SIN_1));
    p = p.fma(s, broadcast(r, SIN_0));
    return p.fma(s.mul(r), r);
  }

  private static FloatVector cosReduced(FloatVector r) {
    FloatVector s = r.mul(r);
    FloatVector p = s.fma(broadcast(r, COS_2), broadcast(r, COS_1));
    p = p.fma(s, broadcast(r, COS_0));
    p = p.fma(s, broadcast(r, -0.5f));
    return p.fma(s, broadcast(r, 1f));
  }

  private static FloatVector flippedBy(FloatVector x, FloatVector y) {
    return y.reinterpretAsInts()
        .lanewise(XOR, x.reinterpretAsInts().and(SIGN))
        .reinterpretAsFloats();
  }
}
