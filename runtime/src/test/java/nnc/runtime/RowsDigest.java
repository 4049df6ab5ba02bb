package nnc.runtime;

import java.util.Arrays;
import java.util.Random;

/** All that a {@link Rows} computes, for many lengths and offsets, in one number: equal numbers, equal bits. */
final class RowsDigest {
  private RowsDigest() {}

  /** Prints the width and the digest of the vector implementation; run in a JVM with narrower vectors. */
  public static void main(String[] arguments) {
    System.out.println(VectorRows.SPECIES.length() + " " + of(new VectorRows()));
  }

  static long of(Rows rows) {
    long digest = 0;
    for (int n = 0; n <= 140; n++) {
      digest = 31 * digest + of(rows, n);
    }
    for (int n : new int[] {255, 1023, 4097, 65_537}) {
      digest = 31 * digest + of(rows, n);
    }
    return digest;
  }

  private static int of(Rows rows, int n) {
    Random random = new Random(n);
    int off = random.nextInt(20);
    float[] x = new float[off + n];
    float[] y = new float[off + n + 4];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
      y[i + 3] = (float) random.nextGaussian();
    }
    int rowStride = 1 + n / 40;
    int count = n / rowStride;
    int col1 = Math.min(rowStride, 1 + random.nextInt(rowStride));
    float[] columns = y.clone();
    rows.columnSums(x, off, rowStride, count, 0, col1, columns, 3, true);
    float[] maxima = y.clone();
    rows.columnMax(x, off, rowStride, count, 0, col1, maxima, 3);
    float[] ids = new float[count];
    for (int i = 0; i < count; i++) {
      ids[i] = random.nextInt(3);
    }
    float[] table = Arrays.copyOf(y, 3 + 3 * rowStride);
    rows.scatterAdd(ids, 0, count, x, off, rowStride, random.nextInt(col1 + 1), col1, table, 3, 3);
    float[] overlaps = overlaps(rows, x, off, n, random);
    float[] uniform = y.clone();
    rows.uniform(n, 7, 1, off, uniform, 3, n);
    float[] singles = {
      rows.sum(x, off, n),
      rows.dot(x, off, y, off + 3, n),
      rows.sumOfSquares(x, off, n),
      rows.max(x, off, n),
      rows.min(x, off, n),
      rows.argmax(x, off, n),
      rows.argmin(x, off, n),
      rows.firstNonFinite(x, off, n)
    };
    return Arrays.hashCode(
        new int[] {
          Arrays.hashCode(singles),
          Arrays.hashCode(columns),
          Arrays.hashCode(maxima),
          Arrays.hashCode(overlaps),
          Arrays.hashCode(table),
          Arrays.hashCode(uniform)
        });
  }

  /** As many windows as there are elements for, of a random form. */
  private static float[] overlaps(Rows rows, float[] x, int off, int n, Random random) {
    int columns = 1 + random.nextInt(40);
    int size = 1 + random.nextInt(3);
    int stride = 1 + random.nextInt(3);
    int dilation = 1 + random.nextInt(2);
    int places = n / (size * columns);
    int length = dilation * (size - 1) + Math.max(0, places - 1) * stride + 1;
    float[] y = new float[length * columns + 3];
    rows.overlapAdd(
        x, off, places, size * columns, size, columns, stride, dilation, columns, y, 2, length);
    return y;
  }
}
