package nnc.runtime;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Rows} with vectors of 4, 8 or 16 lanes, whichever suits the machine.
 *
 * <p>Where a vector has fewer than sixteen lanes, a sum walks over the row two or four times, each
 * time for a part of the virtual lanes: the bits stay the same. Accumulators take turns instead of
 * being chosen: in the rest of a row, where the sum of the four does not depend on which comes
 * first, and among the walks, where s0 gets the even ones and s1 the odd ones of four. A sum is one
 * method, however long, its tree included: parts of it that take or return vectors would be inlined
 * at HotSpot's pleasure only, and box them otherwise. And every reduction is longer than what
 * HotSpot inlines (see {@code InliningTest}): inside a kernel it would use up what HotSpot grants a
 * method, and the kernel's own functions would not be inlined any more and box their vectors.
 */
public final class VectorRows implements Rows {
  /** At most sixteen lanes, as many as a sum's tree has. */
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED.length() < 4
              ? FloatVector.SPECIES_128
              : FloatVector.SPECIES_PREFERRED;

  private static final int WIDTH = SPECIES.length();
  private static final int BLOCK = 64;

  /**
   * Rows that a column sum takes before it goes on to the next columns: few enough for their pages to
   * stay known.
   */
  private static final int ROW_BLOCK = 32;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

  public VectorRows() {}

  @Override
  public float sum(float[] x, int off, int n) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    int whole = n & -BLOCK;
    for (int lane = 0; lane < 16; lane += WIDTH) {
      FloatVector a0 = FloatVector.zero(SPECIES);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      int p = off + lane;
      for (int i = 0; i < whole; i += BLOCK) {
        a0 = a0.add(FloatVector.fromArray(SPECIES, x, p + i));
        a1 = a1.add(FloatVector.fromArray(SPECIES, x, p + i + 16));
        a2 = a2.add(FloatVector.fromArray(SPECIES, x, p + i + 32));
        a3 = a3.add(FloatVector.fromArray(SPECIES, x, p + i + 48));
      }
      p += whole;
      for (int rest = n - whole - lane; rest > 0; rest -= 16, p += 16) {
        FloatVector added =
            a0.add(FloatVector.fromArray(SPECIES, x, p, SPECIES.indexInRange(0, rest)));
        a0 = a1;
        a1 = a2;
        a2 = a3;
        a3 = added;
      }
      FloatVector w = a0.add(a2).add(a1.add(a3));
      FloatVector added = s0.add(w);
      s0 = s1;
      s1 = added;
    }
    FloatVector s = s0.add(s1);
    if (WIDTH == 16) {
      s = s.add(s.rearrange(BY_8));
    }
    if (WIDTH >= 8) {
      s = s.add(s.rearrange(BY_4));
    }
    s = s.add(s.rearrange(BY_2));
    s = s.add(s.rearrange(BY_1));
    return s.lane(0);
  }

  @Override
  public float dot(float[] x, int xOff, float[] y, int yOff, int n) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    int whole = n & -BLOCK;
    for (int lane = 0; lane < 16; lane += WIDTH) {
      FloatVector a0 = FloatVector.zero(SPECIES);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      int p = xOff + lane;
      int q = yOff + lane;
      for (int i = 0; i < whole; i += BLOCK) {
        a0 =
            FloatVector.fromArray(SPECIES, x, p + i)
                .fma(FloatVector.fromArray(SPECIES, y, q + i), a0);
        a1 =
            FloatVector.fromArray(SPECIES, x, p + i + 16)
                .fma(FloatVector.fromArray(SPECIES, y, q + i + 16), a1);
        a2 =
            FloatVector.fromArray(SPECIES, x, p + i + 32)
                .fma(FloatVector.fromArray(SPECIES, y, q + i + 32), a2);
        a3 =
            FloatVector.fromArray(SPECIES, x, p + i + 48)
                .fma(FloatVector.fromArray(SPECIES, y, q + i + 48), a3);
      }
      p += whole;
      q += whole;
      for (int rest = n - whole - lane; rest > 0; rest -= 16, p += 16, q += 16) {
        VectorMask<Float> present = SPECIES.indexInRange(0, rest);
        FloatVector added =
            FloatVector.fromArray(SPECIES, x, p, present)
                .fma(FloatVector.fromArray(SPECIES, y, q, present), a0);
        a0 = a1;
        a1 = a2;
        a2 = a3;
        a3 = added;
      }
      FloatVector w = a0.add(a2).add(a1.add(a3));
      FloatVector added = s0.add(w);
      s0 = s1;
      s1 = added;
    }
    FloatVector s = s0.add(s1);
    if (WIDTH == 16) {
      s = s.add(s.rearrange(BY_8));
    }
    if (WIDTH >= 8) {
      s = s.add(s.rearrange(BY_4));
    }
    s = s.add(s.rearrange(BY_2));
    s = s.add(s.rearrange(BY_1));
    return s.lane(0) + 0f;
  }

  @Override
  public float sumOfSquares(float[] x, int off, int n) {
    return dot(x, off, x, off, n);
  }

  @Override
  public float max(float[] x, int off, int n) {
    return largest(x, off, n, 1f);
  }

  @Override
  public float min(float[] x, int off, int n) {
    return -largest(x, off, n, -1f);
  }

  /** The largest of sign times x. */
  private static float largest(float[] x, int off, int n, float sign) {
    FloatVector m0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector m1 = m0;
    FloatVector m2 = m0;
    FloatVector m3 = m0;
    FloatVector m4 = m0;
    FloatVector m5 = m0;
    FloatVector m6 = m0;
    FloatVector m7 = m0;
    int i = 0;
    for (; i <= n - 8 * WIDTH; i += 8 * WIDTH) {
      int p = off + i;
      m0 = m0.max(FloatVector.fromArray(SPECIES, x, p).mul(sign));
      m1 = m1.max(FloatVector.fromArray(SPECIES, x, p + WIDTH).mul(sign));
      m2 = m2.max(FloatVector.fromArray(SPECIES, x, p + 2 * WIDTH).mul(sign));
      m3 = m3.max(FloatVector.fromArray(SPECIES, x, p + 3 * WIDTH).mul(sign));
      m4 = m4.max(FloatVector.fromArray(SPECIES, x, p + 4 * WIDTH).mul(sign));
      m5 = m5.max(FloatVector.fromArray(SPECIES, x, p + 5 * WIDTH).mul(sign));
      m6 = m6.max(FloatVector.fromArray(SPECIES, x, p + 6 * WIDTH).mul(sign));
      m7 = m7.max(FloatVector.fromArray(SPECIES, x, p + 7 * WIDTH).mul(sign));
    }
    m0 = m0.max(m1).max(m2.max(m3)).max(m4.max(m5).max(m6.max(m7)));
    for (; i < n; i += WIDTH) {
      VectorMask<Float> present = SPECIES.indexInRange(i, n);
      m0 = m0.lanewise(MAX, FloatVector.fromArray(SPECIES, x, off + i, present).mul(sign), present);
    }
    return m0.reduceLanes(MAX);
  }

  @Override
  public int argmax(float[] x, int off, int n) {
    return firstEqual(x, off, n, max(x, off, n));
  }

  @Override
  public int argmin(float[] x, int off, int n) {
    return firstEqual(x, off, n, min(x, off, n));
  }

  /**
   * The index of the first element that equals an extreme of the row, or is NaN: then the extreme is
   * NaN too.
   */
  private static int firstEqual(float[] x, int off, int n, float extreme) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> present = SPECIES.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(SPECIES, x, off + i, present);
      VectorMask<Float> found = v.compare(EQ, extreme).or(v.compare(NE, v)).and(present);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    return -1;
  }

  /** Four vectors at a time, while all is well: 0 v is 0 if v is finite, and NaN if it is not. */
  @Override
  public int firstNonFinite(float[] x, int off, int n) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i <= n - 4 * WIDTH; i += 4 * WIDTH) {
      FloatVector a = FloatVector.fromArray(SPECIES, x, off + i).mul(zero);
      FloatVector b = FloatVector.fromArray(SPECIES, x, off + i + WIDTH).mul(zero);
      a = FloatVector.fromArray(SPECIES, x, off + i + 2 * WIDTH).fma(zero, a);
      b = FloatVector.fromArray(SPECIES, x, off + i + 3 * WIDTH).fma(zero, b);
      if (!a.add(b).compare(EQ, zero).allTrue()) {
        break;
      }
    }
    for (; i < n; i += WIDTH) {
      VectorMask<Float> present = SPECIES.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(SPECIES, x, off + i, present);
      VectorMask<Float> finite = v.lanewise(ABS).compare(LT, Float.POSITIVE_INFINITY);
      if (!finite.allTrue()) {
        return i + finite.not().firstTrue();
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
    if (!add) {
      Arrays.fill(y, yOff + col0, yOff + col1, 0f);
    }
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int at = off + row * rowStride;
      int count = Math.min(ROW_BLOCK, rows - row);
      int j = col0;
      for (; j <= col1 - 4 * WIDTH; j += 4 * WIDTH) {
        addFourColumns(x, at + j, rowStride, count, y, yOff + j);
      }
      for (; j < col1; j += WIDTH) {
        addColumns(x, at + j, rowStride, count, y, yOff + j, col1 - j);
      }
    }
  }

  /** Adds rows to four vectors of columns. */
  private static void addFourColumns(
      float[] x, int at, int rowStride, int rows, float[] y, int yOff) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, y, yOff);
    FloatVector s1 = FloatVector.fromArray(SPECIES, y, yOff + WIDTH);
    FloatVector s2 = FloatVector.fromArray(SPECIES, y, yOff + 2 * WIDTH);
    FloatVector s3 = FloatVector.fromArray(SPECIES, y, yOff + 3 * WIDTH);
    for (int r = 0; r < rows; r++) {
      int p = at + r * rowStride;
      s0 = s0.add(FloatVector.fromArray(SPECIES, x, p));
      s1 = s1.add(FloatVector.fromArray(SPECIES, x, p + WIDTH));
      s2 = s2.add(FloatVector.fromArray(SPECIES, x, p + 2 * WIDTH));
      s3 = s3.add(FloatVector.fromArray(SPECIES, x, p + 3 * WIDTH));
    }
    s0.intoArray(y, yOff);
    s1.intoArray(y, yOff + WIDTH);
    s2.intoArray(y, yOff + 2 * WIDTH);
    s3.intoArray(y, yOff + 3 * WIDTH);
  }

  /** Adds rows to at most one vector of columns. */
  private static void addColumns(
      float[] x, int at, int rowStride, int rows, float[] y, int yOff, int columns) {
    VectorMask<Float> present = SPECIES.indexInRange(0, columns);
    FloatVector s = FloatVector.fromArray(SPECIES, y, yOff, present);
    for (int r = 0; r < rows; r++) {
      s = s.add(FloatVector.fromArray(SPECIES, x, at + r * rowStride, present));
    }
    s.intoArray(y, yOff, present);
  }

  @Override
  public void columnMax(
      float[] x, int off, int rowStride, int rows, int col0, int col1, float[] y, int yOff) {
    for (int j = col0; j < col1; j += WIDTH) {
      VectorMask<Float> present = SPECIES.indexInRange(j, col1);
      FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int r = 0; r < rows; r++) {
        max = max.max(FloatVector.fromArray(SPECIES, x, off + r * rowStride + j, present));
      }
      max.intoArray(y, yOff + j, present);
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
    Arrays.fill(y, yOff, yOff + length * columns, 0f);
    for (int l = 0; l < length; l++) {
      for (int j = 0; j < size && j * dilation <= l; j++) {
        int first = l - j * dilation;
        int i = first / stride;
        if (i < places && i * stride == first) {
          addRow(x, off + i * placeStride + j * sizeStride, y, yOff + l * columns, columns);
        }
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
    int columns = col1 - col0;
    for (int i = 0; i < n; i++) {
      int row = RowId.checked(ids[idsOff + i], i, rows);
      addRow(x, off + i * width + col0, y, yOff + row * width + col0, columns);
    }
  }

  /** y = y + x. */
  private static void addRow(float[] x, int off, float[] y, int yOff, int n) {
    int whole = SPECIES.loopBound(n);
    for (int j = 0; j < whole; j += WIDTH) {
      FloatVector.fromArray(SPECIES, y, yOff + j)
          .add(FloatVector.fromArray(SPECIES, x, off + j))
          .intoArray(y, yOff + j);
    }
    if (whole < n) {
      VectorMask<Float> present = SPECIES.indexInRange(whole, n);
      FloatVector.fromArray(SPECIES, y, yOff + whole, present)
          .add(FloatVector.fromArray(SPECIES, x, off + whole, present))
          .intoArray(y, yOff + whole, present);
    }
  }

  @Override
  public void uniform(long seed, long stream, long step, long first, float[] y, int off, int n) {
    VectorPhilox.uniform(seed, stream, step, first, y, off, n);
  }
}
