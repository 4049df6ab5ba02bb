package nnc.runtime;

/**
 * Gram and Schmidt in double, each vector once more where much of it was removed ("twice is enough",
 * Kahan and Parlett).
 */
final class Orthonormal {
  /**
   * If less than this part of a vector's length is left, rounding errors have grown enough to be
   * removed again.
   */
  private static final double MUCH_REMOVED = 0.7;

  private Orthonormal() {}

  /**
   * Replaces independent vectors by orthonormal ones that span the same spaces: vector k those of the
   * first k.
   */
  static void orthonormalise(double[][] vectors) {
    for (int k = 0; k < vectors.length; k++) {
      double[] v = vectors[k];
      double before = length(v);
      double after = before;
      do {
        before = after;
        for (int j = 0; j < k; j++) {
          subtract(v, vectors[j], dot(v, vectors[j]));
        }
        after = length(v);
      } while (after < MUCH_REMOVED * before);
      for (int i = 0; i < v.length; i++) {
        v[i] /= after;
      }
    }
  }

  private static double length(double[] v) {
    return Math.sqrt(dot(v, v));
  }

  /** Four chains, since one would wait for each sum; their order is fixed. */
  private static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      s0 = Math.fma(a[i], b[i], s0);
      s1 = Math.fma(a[i + 1], b[i + 1], s1);
      s2 = Math.fma(a[i + 2], b[i + 2], s2);
      s3 = Math.fma(a[i + 3], b[i + 3], s3);
    }
    for (; i < a.length; i++) {
      s0 = Math.fma(a[i], b[i], s0);
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static void subtract(double[] v, double[] unit, double amount) {
    for (int i = 0; i < v.length; i++) {
      v[i] = Math.fma(-amount, unit[i], v[i]);
    }
  }
}
