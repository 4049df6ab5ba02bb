package nnc.benchmarks;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nnc.runtime.Products;
import nnc.runtime.Provider;
import nnc.runtime.Team;

/**
 * A matrix product A[m x k] B[k x n] of single precision.
 *
 * @param a how A lies in memory
 * @param b how B does
 */
record Product(Layout a, Layout b, int m, int k, int n) {
  /** N: row after row; T: transposed, column after column. */
  enum Layout {
    N,
    T
  }

  private static final Pattern TEXT = Pattern.compile("([NT])([NT]):(\\d+)x(\\d+)x(\\d+)");
  private static final double LONGEST = Integer.MAX_VALUE / 2;

  Product {
    if (m < 1 || k < 1 || n < 1) {
      throw new IllegalArgumentException("m, k and n are at least 1");
    }
    if (Math.max(1.0 * m * k, Math.max(1.0 * k * n, 1.0 * m * n)) > LONGEST) {
      throw new IllegalArgumentException("a matrix has at most 2^30 elements");
    }
  }

  /** Reads {@code TN:256x2048x1024}. */
  static Product parse(String text) {
    Matcher parts = TEXT.matcher(text.toUpperCase(Locale.ROOT).replace('X', 'x'));
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "expected a product like TN:256x2048x1024, which is layouts (N, or T for transposed) and m, k, n; found "
              + text);
    }
    try {
      return new Product(
          Layout.valueOf(parts.group(1)),
          Layout.valueOf(parts.group(2)),
          Integer.parseInt(parts.group(3)),
          Integer.parseInt(parts.group(4)),
          Integer.parseInt(parts.group(5)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("m, k and n are at most 2^31 - 1; found " + text, e);
    }
  }

  double flop() {
    return 2.0 * m * k * n;
  }

  /** How often it is computed between two looks at the clock, which would else be a part of what is measured. */
  int calls() {
    return (int) Math.ceil(2e7 / flop());
  }

  /** Computes it so often, packing included, over operands of its own. */
  Team.Program program(int calls) {
    Products products = Provider.best().products();
    int aRow = a == Layout.T ? 1 : k;
    int aCol = a == Layout.T ? m : 1;
    int bRow = b == Layout.T ? 1 : n;
    int bCol = b == Layout.T ? k : 1;
    float[] left = ramp(m * k);
    float[] right = ramp(k * n);
    float[] result = new float[m * n];
    float[] packed = new float[Products.packedLength(k, n)];
    return worker -> {
      for (int call = 0; call < calls; call++) {
        products.pack(worker, right, 0, bRow, bCol, m, k, n, packed, 0);
        for (worker.tiles(m, n, k); worker.next(); ) {
          products.tile(
              worker, left, 0, aRow, aCol, right, 0, bRow, bCol, packed, 0, result, 0, n, m, k, n,
              false);
        }
        worker.join();
      }
    };
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i % 17 - 8) / 8f;
    }
    return values;
  }

  /** {@code TN 256 x 2048 x 1024}. */
  @Override
  public String toString() {
    return "%s%s %d x %d x %d".formatted(a, b, m, k, n);
  }
}
