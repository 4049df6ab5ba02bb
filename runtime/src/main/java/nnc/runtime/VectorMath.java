package nnc.runtime;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.BITWISE_BLEND;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;
import static jdk.incubator.vector.VectorOperators.XOR;
import static nnc.runtime.Coefficients.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link ScalarMath} for vectors of any species, lane by lane the same bits.
 * Errors and special values are stated there; the algorithms are explained there too.
 *
 * <p>What a loop may hold. A vector that crosses a call that HotSpot does not inline is put into a
 * box, which costs a hundred times more than the arithmetic. HotSpot inlines methods of up to 325
 * bytes of bytecode, as all here are, but none of ours once a compilation has made 18,000 nodes,
 * whereas the vector operations themselves are always inlined. One operation makes 400 to 600 nodes
 * (JDK 25); exp, erf and sigmoid 10,000 to 12,000, expm1 and tanh 12,000 to 14,000, log, log1p, sin
 * and cos 15,000 to 18,000. So a loop's method may call one function after some 20 operations, or
 * two, the cheaper first, with little before and between them; never three. What follows the last
 * call has no such limit.
 *
 * <p>{@link #pow}, and {@link #sin} and {@link #cos} beyond 2^17, leave the vector for {@link
 * StrictMath}, and allocate.
 */
public final class VectorMath {
  private static final int SIGN = 0x80000000;

  private VectorMath() {}

  /** As {@link ScalarMath#exp}. */
  public static FloatVector exp(FloatVector x) {
    VectorSpecies<Float> s = x.species();
    FloatVector y = x.blend(EXP_HIGH, x.compare(GT, EXP_HIGH));
    y = y.blend(EXP_LOW, y.compare(LT, EXP_LOW));
    FloatVector rounded =
        y.fma(FloatVector.broadcast(s, LOG2_E), FloatVector.broadcast(s, ROUNDER + 126));
    FloatVector q = expm1Reduced(s, y, rounded.sub(ROUNDER + 126));
    FloatVector half = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector two = FloatVector.broadcast(s, 2f);
    return half.mul(two.fma(q, two));
  }

  /** As {@link ScalarMath#expm1}. */
  public static FloatVector expm1(FloatVector x) {
    VectorSpecies<Float> s = x.species();
    FloatVector y = x.blend(EXP_HIGH, x.compare(GT, EXP_HIGH));
    y = y.blend(EXPM1_LOW, y.compare(LT, EXPM1_LOW));
    FloatVector rounded =
        y.fma(FloatVector.broadcast(s, LOG2_E), FloatVector.broadcast(s, ROUNDER + 126));
    FloatVector q = expm1Reduced(s, y, rounded.sub(ROUNDER + 126));
    FloatVector half = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector result = half.fma(q, half.sub(0.5f)).mul(2f);
    return result.blend(x, x.lanewise(ABS).compare(LT, TINY));
  }

  /** As {@link ScalarMath#log}. */
  public static FloatVector log(FloatVector x) {
    VectorSpecies<Float> s = x.species();
    VectorMask<Float> denormal = x.compare(LT, Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(0x1p23f), denormal).reinterpretAsInts();
    IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 23);
    FloatVector mantissa = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats();
    FloatVector log1p = log1pReduced(s, mantissa.sub(1f));
    FloatVector turns = (FloatVector) exponent.convert(I2F, 0);
    turns = turns.blend(turns.sub(23f), denormal);
    FloatVector result = turns.fma(FloatVector.broadcast(s, LN2_HIGH), log1p);
    result = result.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    result = result.blend(Float.NaN, x.compare(LT, 0f));
    return x.blend(result, x.compare(LT, Float.POSITIVE_INFINITY));
  }

  /** As {@link ScalarMath#log1p}. */
  public static FloatVector log1p(FloatVector x) {
    VectorSpecies<Float> s = x.species();
    IntVector exponentBits = x.add(1f).reinterpretAsInts().sub(SQRT_HALF_BITS).and(0xff800000);
    FloatVector scaled = x.reinterpretAsInts().sub(exponentBits).reinterpretAsFloats();
    FloatVector fourOverPower = exponentBits.neg().add(0x40800000).reinterpretAsFloats();
    FloatVector f =
        fourOverPower
            .fma(FloatVector.broadcast(s, 0.25f), FloatVector.broadcast(s, -1f))
            .add(scaled);
    FloatVector log1p = log1pReduced(s, f);
    FloatVector turns = (FloatVector) exponentBits.lanewise(ASHR, 23).convert(I2F, 0);
    FloatVector result = turns.fma(FloatVector.broadcast(s, LN2_HIGH), log1p);
    result = result.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, -1f));
    result = result.blend(Float.NaN, x.compare(LT, -1f));
    result = x.blend(result, x.compare(LT, Float.POSITIVE_INFINITY));
    return result.blend(x, x.lanewise(ABS).compare(LT, TINY));
  }

  /** As {@link ScalarMath#tanh}. */
  public static FloatVector tanh(FloatVector x) {
    VectorSpecies<Float> s = x.species();
    FloatVector y = x.lanewise(ABS).mul(-2f);
    y = y.blend(EXPM1_LOW, y.compare(LT, EXPM1_LOW));
    FloatVector rounded =
        y.fma(FloatVector.broadcast(s, LOG2_E), FloatVector.broadcast(s, ROUNDER + 127));
    FloatVector q = expm1Reduced(s, y, rounded.sub(ROUNDER + 127));
    FloatVector power = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector e = power.neg().fma(q, FloatVector.broadcast(s, 1f).sub(power));
    FloatVector result = e.div(FloatVector.broadcast(s, 2f).sub(e));
    return result
        .reinterpretAsInts()
        .lanewise(XOR, x.reinterpretAsInts().and(SIGN))
        .reinterpretAsFloats();
  }

  /** As {@link ScalarMath#sigmoid}. */
  public static FloatVector sigmoid(FloatVector x) {
    VectorSpecies<Float> s = x.species();
    FloatVector y = x.lanewise(ABS).neg();
    y = y.blend(EXP_LOW, y.compare(LT, EXP_LOW));
    FloatVector rounded =
        y.fma(FloatVector.broadcast(s, LOG2_E), FloatVector.broadcast(s, ROUNDER + 126));
    FloatVector q = expm1Reduced(s, y, rounded.sub(ROUNDER + 126));
    FloatVector half = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector two = FloatVector.broadcast(s, 2f);
    FloatVector z = half.mul(two.fma(q, two));
    FloatVector one = FloatVector.broadcast(s, 1f);
    return one.blend(z, x.compare(LT, 0f)).div(z.add(one));
  }

  /** As {@link ScalarMath#erf}. */
  public static FloatVector erf(FloatVector x) {
    VectorSpecies<Float> s = x.species();
    FloatVector y = x.blend(ERF_HIGH, x.compare(GT, ERF_HIGH));
    y = y.blend(-ERF_HIGH, y.compare(LT, -ERF_HIGH));
    FloatVector z = y.mul(y);
    FloatVector p =
        z.fma(FloatVector.broadcast(s, ERF_P5), FloatVector.broadcast(s, ERF_P4))
            .fma(z, FloatVector.broadcast(s, ERF_P3))
            .fma(z, FloatVector.broadcast(s, ERF_P2))
            .fma(z, FloatVector.broadcast(s, ERF_P1))
            .fma(z, FloatVector.broadcast(s, ERF_P0));
    FloatVector q =
        z.fma(FloatVector.broadcast(s, ERF_Q5), FloatVector.broadcast(s, ERF_Q4))
            .fma(z, FloatVector.broadcast(s, ERF_Q3))
            .fma(z, FloatVector.broadcast(s, ERF_Q2))
            .fma(z, FloatVector.broadcast(s, ERF_Q1))
            .fma(z, FloatVector.broadcast(s, ERF_Q0));
    FloatVector result = y.mul(p).div(q);
    result = result.blend(1f, result.compare(GT, 1f));
    return result.blend(-1f, result.compare(LT, -1f));
  }

  /** As {@link ScalarMath#sin}. */
  public static FloatVector sin(FloatVector x) {
    FloatVector a = x.lanewise(ABS);
    FloatVector turned = sinOfTurned(a, 0);
    FloatVector result =
        turned
            .reinterpretAsInts()
            .lanewise(XOR, x.reinterpretAsInts().and(SIGN))
            .reinterpretAsFloats();
    if (a.compare(GT, TURN_LIMIT).anyTrue()) {
      // through memory, not through a method that returns a vector: that would box it on the common
      // path too
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
    if (a.compare(GT, TURN_LIMIT).anyTrue()) {
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
    return FloatVector.broadcast(x.species(), 1f).div(x.lanewise(SQRT));
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
    FloatVector rounded = a.add(0x1p23f).sub(0x1p23f);
    FloatVector nearest =
        rounded
            .reinterpretAsInts()
            .lanewise(XOR, x.reinterpretAsInts().and(SIGN))
            .reinterpretAsFloats();
    return x.blend(nearest, a.compare(LT, 0x1p23f));
  }

  /** As {@link ScalarMath#sign}. */
  public static FloatVector sign(FloatVector x) {
    return x.blend(1f, x.compare(GT, 0f)).blend(-1f, x.compare(LT, 0f));
  }

  private static FloatVector expm1Reduced(VectorSpecies<Float> s, FloatVector y, FloatVector n) {
    FloatVector r = n.fma(FloatVector.broadcast(s, -LN2_HIGH), y);
    r = n.fma(FloatVector.broadcast(s, -LN2_LOW), r);
    FloatVector p =
        r.fma(FloatVector.broadcast(s, EXPM1_4), FloatVector.broadcast(s, EXPM1_3))
            .fma(r, FloatVector.broadcast(s, EXPM1_2))
            .fma(r, FloatVector.broadcast(s, EXPM1_1))
            .fma(r, FloatVector.broadcast(s, EXPM1_0));
    return r.mul(r).fma(p, r);
  }

  private static FloatVector log1pReduced(VectorSpecies<Float> s, FloatVector f) {
    FloatVector p =
        f.fma(FloatVector.broadcast(s, LOG1P_7), FloatVector.broadcast(s, LOG1P_6))
            .fma(f, FloatVector.broadcast(s, LOG1P_5))
            .fma(f, FloatVector.broadcast(s, LOG1P_4))
            .fma(f, FloatVector.broadcast(s, LOG1P_3))
            .fma(f, FloatVector.broadcast(s, LOG1P_2))
            .fma(f, FloatVector.broadcast(s, LOG1P_1))
            .fma(f, FloatVector.broadcast(s, LOG1P_0))
            .fma(f, FloatVector.broadcast(s, -0.5f));
    return f.mul(f).fma(p, f);
  }

  private static FloatVector sinOfTurned(FloatVector a, int turns) {
    VectorSpecies<Float> s = a.species();
    FloatVector rounded =
        a.fma(FloatVector.broadcast(s, TWO_OVER_PI), FloatVector.broadcast(s, ROUNDER));
    FloatVector n = rounded.sub(ROUNDER);
    FloatVector r = n.fma(FloatVector.broadcast(s, -HALF_PI_HIGH), a);
    r = n.fma(FloatVector.broadcast(s, -HALF_PI_MIDDLE), r);
    r = n.fma(FloatVector.broadcast(s, -HALF_PI_LOW), r);
    FloatVector z = r.mul(r);
    FloatVector sine =
        z.fma(FloatVector.broadcast(s, SIN_2), FloatVector.broadcast(s, SIN_1))
            .fma(z, FloatVector.broadcast(s, SIN_0))
            .fma(z.mul(r), r);
    FloatVector cosine =
        z.fma(FloatVector.broadcast(s, COS_2), FloatVector.broadcast(s, COS_1))
            .fma(z, FloatVector.broadcast(s, COS_0))
            .fma(z, FloatVector.broadcast(s, -0.5f))
            .fma(z, FloatVector.broadcast(s, 1f));
    IntVector quadrant = rounded.reinterpretAsInts().add(turns);
    IntVector odd = quadrant.and(1).neg();
    return sine.reinterpretAsInts()
        .lanewise(BITWISE_BLEND, cosine.reinterpretAsInts(), odd)
        .lanewise(XOR, quadrant.and(2).lanewise(LSHL, 30))
        .reinterpretAsFloats();
  }
}
