package nnc.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes eight columns at a time in registers: eight vectors of 256 bits, which machines with 512 bits run as fast.
 *
 * <p>Row i of an 8 x 8 block is rotated right by i lanes, then lane l of all rows together is rotated by l rows (by
 * blending in three steps, one for each bit of l), then row c is rotated left by c lanes. That takes 14 shuffles, where
 * exchanging ever larger quarters takes 24 of a costlier kind.
 */
final class VectorTranspose {
  /** Rows and columns of a block. */
  static final int SIDE = 8;

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;

  private static final VectorMask<Float> BIT0 = VectorMask.fromLong(SPECIES, 0b10101010);
  private static final VectorMask<Float> BIT1 = VectorMask.fromLong(SPECIES, 0b11001100);
  private static final VectorMask<Float> BIT2 = VectorMask.fromLong(SPECIES, 0b11110000);

  private static final VectorShuffle<Float> LEFT_1 = VectorShuffle.iota(SPECIES, 1, 1, true);
  private static final VectorShuffle<Float> LEFT_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
  private static final VectorShuffle<Float> LEFT_3 = VectorShuffle.iota(SPECIES, 3, 1, true);
  private static final VectorShuffle<Float> LEFT_4 = VectorShuffle.iota(SPECIES, 4, 1, true);
  private static final VectorShuffle<Float> LEFT_5 = VectorShuffle.iota(SPECIES, 5, 1, true);
  private static final VectorShuffle<Float> LEFT_6 = VectorShuffle.iota(SPECIES, 6, 1, true);
  private static final VectorShuffle<Float> LEFT_7 = VectorShuffle.iota(SPECIES, 7, 1, true);

  private VectorTranspose() {}

  /** y[p * yRow + j] = x[j * xRow + p], p in [0, n), j in [0, 8), n a multiple of 8. */
  static void columns(int n, float[] x, int xOff, int xRow, float[] y, int yOff, int yRow) {
    for (int p = 0; p < n; p += SIDE) {
      int from = xOff + p;
      FloatVector r0 = FloatVector.fromArray(SPECIES, x, from);
      FloatVector r1 = FloatVector.fromArray(SPECIES, x, from + xRow).rearrange(LEFT_7);
      FloatVector r2 = FloatVector.fromArray(SPECIES, x, from + 2 * xRow).rearrange(LEFT_6);
      FloatVector r3 = FloatVector.fromArray(SPECIES, x, from + 3 * xRow).rearrange(LEFT_5);
      FloatVector r4 = FloatVector.fromArray(SPECIES, x, from + 4 * xRow).rearrange(LEFT_4);
      FloatVector r5 = FloatVector.fromArray(SPECIES, x, from + 5 * xRow).rearrange(LEFT_3);
      FloatVector r6 = FloatVector.fromArray(SPECIES, x, from + 6 * xRow).rearrange(LEFT_2);
      FloatVector r7 = FloatVector.fromArray(SPECIES, x, from + 7 * xRow).rearrange(LEFT_1);
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
