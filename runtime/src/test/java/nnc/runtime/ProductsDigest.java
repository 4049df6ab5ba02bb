package nnc.runtime;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;

/** Prints a checksum of products of many shapes, for comparing one JVM with another: see {@link VectorWidthsTest}. */
final class ProductsDigest {
  private static final int[][] SHAPES = {
    {1, 40, 300},
    {3, 17, 33},
    {5, 300, 70},
    {8, 9, 64},
    {11, 64, 96},
    {30, 257, 10},
    {150, 20, 70},
    {133, 40, 65},
  };

  private ProductsDigest() {}

  public static void main(String[] args) {
    System.out.println(of(Provider.best().products()));
  }

  static long of(Products products) {
    CRC32 checksum = new CRC32();
    try (Team team = Team.of(1)) {
      for (int[] shape : SHAPES) {
        for (int transposed = 0; transposed < 4; transposed++) {
          float[] c = product(products, team, shape[0], shape[1], shape[2], transposed);
          ByteBuffer bytes = ByteBuffer.allocate(c.length * Float.BYTES);
          bytes.asFloatBuffer().put(c);
          checksum.update(bytes);
        }
      }
    }
    return checksum.getValue();
  }

  private static float[] product(
      Products products, Team team, int m, int k, int n, int transposed) {
    boolean aTransposed = (transposed & 1) != 0;
    boolean bTransposed = (transposed & 2) != 0;
    float[] a = randoms(1, m * k);
    float[] b = randoms(2, k * n);
    float[] c = randoms(3, m * n);
    float[] packed = new float[Products.packedLength(k, n)];
    int aRow = aTransposed ? 1 : k;
    int aCol = aTransposed ? m : 1;
    int bRow = bTransposed ? 1 : n;
    int bCol = bTransposed ? k : 1;
    team.run(worker -> {
      products.pack(worker, b, 0, bRow, bCol, m, k, n, packed, 0);
      for (worker.tiles(m, n, k); worker.next(); ) {
        products.tile(
            worker, a, 0, aRow, aCol, b, 0, bRow, bCol, packed, 0, c, 0, n, m, k, n, true);
      }
      worker.join();
    });
    return c;
  }

  private static float[] randoms(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
