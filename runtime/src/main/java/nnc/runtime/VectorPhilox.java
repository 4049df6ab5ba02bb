package nnc.runtime;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link Philox#uniform} with one block a lane: the same bits. */
final class VectorPhilox {
  private static final VectorSpecies<Float> FLOATS = VectorRows.SPECIES;
  private static final VectorSpecies<Long> LONGS = FLOATS.vectorShape().withLanes(long.class);
  private static final int BLOCKS = LONGS.length();
  private static final long WORD = 0xffffffffL;
  private static final VectorShuffle<Long> FIRST_HALVES = VectorShuffle.makeZip(LONGS, 0);
  private static final VectorShuffle<Long> SECOND_HALVES = VectorShuffle.makeZip(LONGS, 1);

  private VectorPhilox() {}

  static void uniform(long seed, long stream, long step, long first, float[] y, int off, int n) {
    if (BLOCKS < 4) {
      // vectors of two longs gain nothing, and not every machine multiplies them
      Philox.uniform(seed, stream, step, first, y, off, n);
      return;
    }
    Philox.checkPlace(step, first, n);
    long block = first >>> 2;
    int lead = (int) (first & 3);
    for (int k = -lead; k < n; k += 4 * BLOCKS) {
      fill(seed, stream, step, block, y, off, k, n);
      block += BLOCKS;
    }
  }

  /** Stores the elements of BLOCKS blocks as y[off + k ..], as far as they fall into y[off .. off + n). */
  private static void fill(
      long seed, long stream, long step, long block, float[] y, int off, int k, int n) {
    // words in the low halves of long lanes, where a product of two words has room
    LongVector c0 = LongVector.broadcast(LONGS, block).addIndex(1);
    LongVector c1 = LongVector.broadcast(LONGS, step);
    LongVector c2 = LongVector.broadcast(LONGS, stream);
    LongVector c3 = LongVector.broadcast(LONGS, stream >>> 32);
    LongVector word = LongVector.broadcast(LONGS, WORD);
    LongVector multiplier0 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_0 & WORD);
    LongVector multiplier2 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_2 & WORD);
    int key0 = (int) seed;
    int key1 = (int) (seed >>> 32);
    for (int round = 0; round < Philox.ROUNDS; round++) {
      LongVector p0 = c0.and(word).mul(multiplier0);
      LongVector p2 = c2.and(word).mul(multiplier2);
      c0 = p2.lanewise(LSHR, 32).lanewise(XOR, c1).lanewise(XOR, key0);
      c1 = p2;
      c2 = p0.lanewise(LSHR, 32).lanewise(XOR, c3).lanewise(XOR, key1);
      c3 = p0;
      key0 += Philox.KEY_STEP_0;
      key1 += Philox.KEY_STEP_1;
    }
    LongVector words01 = c0.and(word).or(c1.lanewise(LSHL, 32));
    LongVector words23 = c2.and(word).or(c3.lanewise(LSHL, 32));
    LongVector words = words01.rearrange(FIRST_HALVES, words23);
    for (int at = k; at < k + 4 * BLOCKS; at += 2 * BLOCKS) {
      FloatVector values =
          (FloatVector) words.reinterpretAsInts().lanewise(LSHR, 8).convert(I2F, 0);
      FloatVector uniform = values.mul(0x1p-24f);
      if (at >= 0 && at <= n - FLOATS.length()) {
        uniform.intoArray(y, off + at);
      } else {
        uniform.intoArray(y, off + at, FLOATS.indexInRange(at, n));
      }
      words = words01.rearrange(SECOND_HALVES, words23);
    }
  }
}
