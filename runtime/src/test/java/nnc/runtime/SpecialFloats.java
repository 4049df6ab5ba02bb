package nnc.runtime;

/** Values at which floating point is most often wrong. */
final class SpecialFloats {
  private SpecialFloats() {}

  static final float[] ALL = {
    0f, -0f, 1f, -1f, Float.NaN, Float.intBitsToFloat(0x7fc00001), Float.intBitsToFloat(0xffffffff),
    Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE,
    Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, -Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL), Math.nextUp(-Float.MIN_NORMAL),
    Math.nextDown(1f), Math.nextUp(1f), Math.nextUp(-1f), Math.nextDown(-1f), 0x1p-24f, Math.nextDown(0x1p-24f), -0x1p-24f,
    // around the overflow, the denormal and the zero results of exp
    88.72283f, 88.72284f, 89f, -87.33654f, -87.33655f, -103.97208f, -103.97209f, -104f, -104.5f, -17.5f, -18f, -18.5f,
    // around what erf, sin and rounding treat apart
    0.9f, Math.nextUp(0.9f), 3.95f, 4f, 9.01f, 9.02f, 0x1p17f, Math.nextUp(0x1p17f), -0x1p17f, 1e10f, -1e10f,
    0.5f, -0.5f, 1.5f, 2.5f, 0x1p22f, 0x1p23f, -0x1p23f, 8388607.5f, 4194303.5f, 0x1p31f
  };
}
