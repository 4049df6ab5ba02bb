package nnc.runtime;

/**
 * {@link Rows} as their definition reads; the oracle of {@link VectorRows}, and what runs without the
 * vector module.
 */
public final class ScalarRows implements Rows {
  private static final int LANES = 64;

  public ScalarRows() {}

  @Override
  public float sum(float[] x, int off, int n) {
    return sumLanes(x, off, n, 0, 1);
  }

  /** The lanes l, l + stride, l + 2 stride, … added as a tree. */
  private static float sumLanes(float[] x, int off, int n, int l, int stride) {
    if (stride < LANES) {
      return sumLanes(x, off, n, l, 2 * stride) + sumLanes(x, off, n, l + stride, 2 * stride);
    }
    float sum = 0;
    for (int i = l; i < n; i += LANES) {
      sum += x[off + i];
    }
    return sum;
  }

  @Override
  public float dot(float[] x, int xOff, float[] y, int yOff, int n) {
    return dotLanes(x, xOff, y, yOff, n, 0, 1) + 0f;
  }

  private static float dotLanes(
      float[] x, int xOff, float[] y, int yOff, int n, int l, int stride) {
    if (stride < LANES) {
      return dotLanes(x, xOff, y, yOff, n, l, 2 * stride)
          + dotLanes(x, xOff, y, yOff, n, l + stride, 2 * stride);
    }
    float sum = 0;
    for (int i = l; i < n; i += LANES) {
      sum = Math.fma(x[xOff + i], y[yOff + i], sum);
    }
    return sum;
  }

  @Override
  public float sumOfSquares(float[] x, int off, int n) {
    return dotLanes(x, off, x, off, n, 0, 1) + 0f;
  }

  @Override
  public float max(float[] x, int off, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[off + i]);
    }
    return max;
  }

  @Override
  public float min(float[] x, int off, int n) {
    float min = Float.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      min = Math.min(min, x[off + i]);
    }
    return min;
  }

  @Override
  public int argmax(float[] x, int off, int n) {
    int best = n == 0 ? -1 : 0;
    for (int i = 0; i < n; i++) {
      if (Float.isNaN(x[off + i])) {
        return i;
      }
      if (x[off + i] > x[off + best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public int argmin(float[] x, int off, int n) {
    int best = n == 0 ? -1 : 0;
    for (int i = 0; i < n; i++) {
      if (Float.isNaN(x[off + i])) {
        return i;
      }
      if (x[off + i] < x[off + best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public int firstNonFinite(float[] x, int off, int n) {
    for (int i = 0; i < n; i++) {
      if (!Float.isFinite(x[off + i])) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void columnSums(
      float[] x,
      int off,
      int rowStride,
      int rows,
      int col0,
      int col1,
      float[] y,
      int yOff,
      boolean add) {
    for (int j = col0; j < col1; j++) {
      float sum = add ? y[yOff + j] : 0;
      for (int r = 0; r < rows; r++) {
        sum += x[off + r * rowStride + j];
      }
      y[yOff + j] = sum;
    }
  }

  @Override
  public void columnMax(
      float[] x, int off, int rowStride, int rows, int col0, int col1, float[] y, int yOff) {
    for (int j = col0; j < col1; j++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int r = 0; r < rows; r++) {
        max = Math.max(max, x[off + r * rowStride + j]);
      }
      y[yOff + j] = max;
    }
  }

  @Override
  public void overlapAdd(
      float[] x,
      int off,
      int places,
      int placeStride,
      int size,
      int sizeStride,
      int stride,
      int dilation,
      int columns,
      float[] y,
      int yOff,
      int length) {
    for (int l = 0; l < length; l++) {
      for (int c = 0; c < columns; c++) {
        float sum = 0;
        for (int j = 0; j < size; j++) {
          int first = l - j * dilation;
          if (first >= 0 && first % stride == 0 && first / stride < places) {
            sum += x[off + first / stride * placeStride + j * sizeStride + c];
          }
        }
        y[yOff + l * columns + c] = sum;
      }
    }
  }

  @Override
  public void scatterAdd(
      float[] ids,
      int idsOff,
      int n,
      float[] x,
      int off,
      int width,
      int col0,
      int col1,
      float[] y,
      int yOff,
      int rows) {
    for (int i = 0; i < n; i++) {
      int row = RowId.checked(ids[idsOff + i], i, rows);
      for (int j = col0; j < col1; j++) {
        y[yOff + row * width + j] += x[off + i * width + j];
      }
    }
  }

  @Override
  public void uniform(long seed, long stream, long step, long first, float[] y, int off, int n) {
    Philox.uniform(seed, stream, step, first, y, off, n);
  }
}
