package nnc.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes blocks in registers: eight vectors hold eight elements each of as many columns as a vector has lanes, eight or
 * sixteen. Where it has sixteen, the upper eight lanes are a second block beside the first, and all is done to both.
 *
 * <p>Row i of an 8 x 8 block is rotated right by i lanes, then lane l of all rows together is rotated by l rows (by
 * blending in three steps, one for each bit of l), then row c is rotated left by c lanes. That takes 14 shuffles, where
 * exchanging ever larger quarters takes 24 of a costlier kind.
 *
 * <p>All vectors of the runtime are of the same length, these too. Vectors are objects of a class for each length, and where
 * HotSpot has seen two of them it may compile a loop, any loop, for both: then it boxes its vectors.
 */
final class VectorTranspose {
  /** Rows of a block. */
  static final int SIDE = 8;

  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;

  /** Columns of a block. */
  static final int COLUMNS = SPECIES.length();

  /** Whether vectors have a length for which there are blocks. */
  static final boolean FITS = COLUMNS == SIDE || COLUMNS == 2 * SIDE;

  private static final VectorMask<Float> BIT0 = lanes(0b10101010_10101010);
  private static final VectorMask<Float> BIT1 = lanes(0b11001100_11001100);
  private static final VectorMask<Float> BIT2 = lanes(0b11110000_11110000);
  private static final VectorMask<Float> UPPER = lanes(0b11111111_00000000);

  private static final VectorShuffle<Float> LEFT_1 = left(1);
  private static final VectorShuffle<Float> LEFT_2 = left(2);
  private static final VectorShuffle<Float> LEFT_3 = left(3);
  private static final VectorShuffle<Float> LEFT_4 = left(4);
  private static final VectorShuffle<Float> LEFT_5 = left(5);
  private static final VectorShuffle<Float> LEFT_6 = left(6);
  private static final VectorShuffle<Float> LEFT_7 = left(7);

  private VectorTranspose() {}

  private static VectorMask<Float> lanes(int bits) {
    return VectorMask.fromLong(SPECIES, bits);
  }

  /** Rotates each eight lanes to the left. */
  private static VectorShuffle<Float> left(int by) {
    return VectorShuffle.fromOp(SPECIES, lane -> lane - lane % SIDE + (lane + by) % SIDE);
  }

  /** y[p * yRow + j] = x[j * xRow + p], p in [0, n), j in [0, COLUMNS), n at least 8, xRow at least 1. */
  static void columns(int n, float[] x, int xOff, int xRow, float[] y, int yOff, int yRow) {
    int upper = (COLUMNS - SIDE) * (xRow - 1);
    for (int block = 0; block < n; block += SIDE) {
      int p = Math.min(block, n - SIDE);
      int a = xOff + p;
      int b = a + upper;
      FloatVector r0 = FloatVector.fromArray(SPECIES, x, a);
      FloatVector r1 = FloatVector.fromArray(SPECIES, x, a + xRow);
      FloatVector r2 = FloatVector.fromArray(SPECIES, x, a + 2 * xRow);
      FloatVector r3 = FloatVector.fromArray(SPECIES, x, a + 3 * xRow);
      FloatVector r4 = FloatVector.fromArray(SPECIES, x, a + 4 * xRow);
      FloatVector r5 = FloatVector.fromArray(SPECIES, x, a + 5 * xRow);
      FloatVector r6 = FloatVector.fromArray(SPECIES, x, a + 6 * xRow);
      FloatVector r7 = FloatVector.fromArray(SPECIES, x, a + 7 * xRow);
      if (COLUMNS > SIDE) {
        r0 = r0.blend(FloatVector.fromArray(SPECIES, x, b), UPPER);
        r1 = r1.blend(FloatVector.fromArray(SPECIES, x, b + xRow), UPPER);
        r2 = r2.blend(FloatVector.fromArray(SPECIES, x, b + 2 * xRow), UPPER);
        r3 = r3.blend(FloatVector.fromArray(SPECIES, x, b + 3 * xRow), UPPER);
        r4 = r4.blend(FloatVector.fromArray(SPECIES, x, b + 4 * xRow), UPPER);
        r5 = r5.blend(FloatVector.fromArray(SPECIES, x, b + 5 * xRow), UPPER);
        r6 = r6.blend(FloatVector.fromArray(SPECIES, x, b + 6 * xRow), UPPER);
        r7 = r7.blend(FloatVector.fromArray(SPECIES, x, b + 7 * xRow), UPPER);
      }
      r1 = r1.rearrange(LEFT_7);
      r2 = r2.rearrange(LEFT_6);
      r3 = r3.rearrange(LEFT_5);
      r4 = r4.rearrange(LEFT_4);
      r5 = r5.rearrange(LEFT_3);
      r6 = r6.rearrange(LEFT_2);
      r7 = r7.rearrange(LEFT_1);
      FloatVector s0 = r0.blend(r1, BIT0);
      FloatVector s1 = r7.blend(r0, BIT0);
      FloatVector s2 = r6.blend(r7, BIT0);
      FloatVector s3 = r5.blend(r6, BIT0);
      FloatVector s4 = r4.blend(r5, BIT0);
      FloatVector s5 = r3.blend(r4, BIT0);
      FloatVector s6 = r2.blend(r3, BIT0);
      FloatVector s7 = r1.blend(r2, BIT0);
      FloatVector t0 = s0.blend(s6, BIT1);
      FloatVector t1 = s1.blend(s7, BIT1);
      FloatVector t2 = s2.blend(s0, BIT1);
      FloatVector t3 = s3.blend(s1, BIT1);
      FloatVector t4 = s4.blend(s2, BIT1);
      FloatVector t5 = s5.blend(s3, BIT1);
      FloatVector t6 = s6.blend(s4, BIT1);
      FloatVector t7 = s7.blend(s5, BIT1);
      FloatVector u0 = t0.blend(t4, BIT2);
      FloatVector u1 = t1.blend(t5, BIT2);
      FloatVector u2 = t2.blend(t6, BIT2);
      FloatVector u3 = t3.blend(t7, BIT2);
      FloatVector u4 = t4.blend(t0, BIT2);
      FloatVector u5 = t5.blend(t1, BIT2);
      FloatVector u6 = t6.blend(t2, BIT2);
      FloatVector u7 = t7.blend(t3, BIT2);
      int to = yOff + p * yRow;
      u0.intoArray(y, to);
      u1.rearrange(LEFT_1).intoArray(y, to + yRow);
      u2.rearrange(LEFT_2).intoArray(y, to + 2 * yRow);
      u3.rearrange(LEFT_3).intoArray(y, to + 3 * yRow);
      u4.rearrange(LEFT_4).intoArray(y, to + 4 * yRow);
      u5.rearrange(LEFT_5).intoArray(y, to + 5 * yRow);
      u6.rearrange(LEFT_6).intoArray(y, to + 6 * yRow);
      u7.rearrange(LEFT_7).intoArray(y, to + 7 * yRow);
    }
  }
}
