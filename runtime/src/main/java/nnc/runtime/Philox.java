package nnc.runtime;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers that are a function of their place: Philox4x32-10 of Salmon, Moraes, Dror and
 * Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 *
 * <p>The key is the seed; the counter is (element / 4, step, stream), 32 + 32 + 64 bits; element i
 * is word i mod 4 of its block. So an element depends on nothing but seed, stream, step and its own
 * index: any division among threads, any order, and any resumed run give the same bits. Steps reach
 * from 0 to 2^32 - 1, elements from 0 to 2^34 - 1; others are an {@link IllegalArgumentException}.
 */
public final class Philox {
  private static final long FNV_PRIME = 0x100000001b3L;

  static final int MULTIPLIER_0 = 0xD2511F53;
  static final int MULTIPLIER_2 = 0xCD9E8D57;
  static final int KEY_STEP_0 = 0x9E3779B9;
  static final int KEY_STEP_1 = 0xBB67AE85;
  static final int ROUNDS = 10;

  private static final double TWO_PI = 2 * Math.PI;

  private Philox() {}

  /** y[off + k] = element first + k for 0 <= k < n: multiples of 2^-24 in [0, 1). */
  public static void uniform(
      long seed, long stream, long step, long first, float[] y, int off, int n) {
    checkPlace(step, first, n);
    int[] words = new int[4]; // indexed by constants alone, so compiled code keeps it in registers
    long block = first >>> 2;
    for (int k = -(int) (first & 3); k < n; k += 4) {
      block(seed, stream, step, block++, words);
      storeUniform(words[0], y, off, k, n);
      storeUniform(words[1], y, off, k + 1, n);
      storeUniform(words[2], y, off, k + 2, n);
      storeUniform(words[3], y, off, k + 3, n);
    }
  }

  private static void storeUniform(int word, float[] y, int off, int k, int n) {
    if (k >= 0 && k < n) {
      y[off + k] = (word >>> 8) * 0x1p-24f;
    }
  }

  /**
   * y[off + k] = element first + k for 0 <= k < n, normal with mean 0 and variance 1 (Box and
   * Muller 1958, in double; elements 2j and 2j + 1 share two words of their block).
   */
  public static void normal(
      long seed, long stream, long step, long first, float[] y, int off, int n) {
    checkPlace(step, first, n);
    int[] block = new int[4];
    long inBlock = -1;
    for (int k = 0; k < n; k++) {
      long element = first + k;
      if (element >>> 2 != inBlock) {
        inBlock = element >>> 2;
        block(seed, stream, step, inBlock, block);
      }
      int pair = (int) (element & 2);
      // in (0, 1], so that the logarithm is finite
      double u = (Integer.toUnsignedLong(block[pair]) + 1) * 0x1p-32;
      double turn = TWO_PI * (Integer.toUnsignedLong(block[pair + 1]) * 0x1p-32);
      double radius = Math.sqrt(-2 * StrictMath.log(u));
      y[off + k] =
          (float) (radius * ((element & 1) == 0 ? StrictMath.cos(turn) : StrictMath.sin(turn)));
    }
  }

  /** The numbers 0 .. n - 1 in random order (Fisher and Yates; 64 random bits a choice). */
  public static int[] permutation(long seed, long stream, int n) {
    int[] order = new int[n];
    int[] block = new int[4];
    for (int i = 0; i < n; i++) {
      block(seed, stream, 0, i, block);
      long word = (long) block[0] << 32 | Integer.toUnsignedLong(block[1]);
      int j = (int) Math.unsignedMultiplyHigh(word, i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The stream that belongs to a path such as {@code "dense1.W"}: FNV-1a, 64 bits, over its UTF-8 bytes. */
  public static long stream(String path) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  static void checkPlace(long step, long first, int n) {
    if (step < 0 || step >>> 32 != 0) {
      throw new IllegalArgumentException("step must be in [0, 2^32), but is " + step);
    }
    if (first < 0 || n < 0 || first > (1L << 34) - n) {
      throw new IllegalArgumentException(
          "elements must be in [0, 2^34), but are " + n + " from " + first);
    }
  }

  /** The stream of a numbered part of what a stream belongs to: the hash goes on over the number's bytes. */
  static long stream(long stream, int part) {
    long hash = stream;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      hash = (hash ^ (part >>> shift & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private static void block(long seed, long stream, long step, long block, int[] words) {
    words[0] = (int) block;
    words[1] = (int) step;
    words[2] = (int) stream;
    words[3] = (int) (stream >>> 32);
    encrypt((int) seed, (int) (seed >>> 32), words);
  }

  /** Philox4x32-10: replaces the counter by its four random words. */
  static void encrypt(int key0, int key1, int[] words) {
    int c0 = words[0];
    int c1 = words[1];
    int c2 = words[2];
    int c3 = words[3];
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = Integer.toUnsignedLong(c0) * Integer.toUnsignedLong(MULTIPLIER_0);
      long p2 = Integer.toUnsignedLong(c2) * Integer.toUnsignedLong(MULTIPLIER_2);
      c0 = (int) (p2 >>> 32) ^ c1 ^ key0;
      c1 = (int) p2;
      c2 = (int) (p0 >>> 32) ^ c3 ^ key1;
      c3 = (int) p0;
      key0 += KEY_STEP_0;
      key1 += KEY_STEP_1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }
}
