package nnc.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a parameter gets its first values, from (seed, stream) alone.
 *
 * <p>Fans, by shape: a matrix [in, out] (as in x W) has fan_in = in and fan_out = out; filters
 * [out, in, …] have in and out times the size of the window; a vector [n] has n and n; a scalar 1
 * and 1.
 */
public sealed interface Initialiser {

  /** Writes the values of a parameter of that shape to y[off ..), rows first. */
  void fill(float[] y, int off, int[] shape, long seed, long stream);

  /**
   * As the model writes it: {@code glorot_uniform}, {@code constant(0.5)}. {@link #of} reads the parts
   * back.
   */
  String text();

  /** Every element the same; 0 is {@code zeros}, 1 is {@code ones}. */
  record Constant(double value) implements Initialiser {
    @Override
    public void fill(float[] y, int off, int[] shape, long seed, long stream) {
      Arrays.fill(y, off, off + size(shape), (float) value);
    }

    @Override
    public String text() {
      return value == 0 ? "zeros" : value == 1 ? "ones" : "constant(" + value + ")";
    }
  }

  /** Evenly spread from low to high. */
  record Uniform(double low, double high) implements Initialiser {
    public Uniform {
      if (!(low <= high && Double.isFinite(high - low))) {
        throw new IllegalArgumentException(
            "uniform(low, high) wants low <= high, but got " + low + " and " + high);
      }
    }

    @Override
    public void fill(float[] y, int off, int[] shape, long seed, long stream) {
      int n = size(shape);
      Philox.uniform(seed, stream, 0, 0, y, off, n);
      for (int i = off; i < off + n; i++) {
        y[i] = (float) (low + (high - low) * y[i]);
      }
    }

    @Override
    public String text() {
      return "uniform(" + low + ", " + high + ")";
    }
  }

  /** Gaussian with that mean and standard deviation, not truncated. */
  record Normal(double mean, double deviation) implements Initialiser {
    public Normal {
      if (!(Double.isFinite(mean) && deviation >= 0 && Double.isFinite(deviation))) {
        throw new IllegalArgumentException(
            "normal(mean, deviation) wants a finite mean and a deviation >= 0, but got "
                + mean
                + " and "
                + deviation);
      }
    }

    @Override
    public void fill(float[] y, int off, int[] shape, long seed, long stream) {
      int n = size(shape);
      Philox.normal(seed, stream, 0, 0, y, off, n);
      for (int i = off; i < off + n; i++) {
        y[i] = (float) (mean + deviation * y[i]);
      }
    }

    @Override
    public String text() {
      return "normal(" + mean + ", " + deviation + ")";
    }
  }

  /** Which variance keeps the scale of signals through a layer. */
  enum Scale {
    /**
     * 2 / (fan_in + fan_out): Glorot and Bengio, "Understanding the difficulty of training deep
     * feedforward neural networks" (2010), equations 12 and 16.
     */
    GLOROT,

    /**
     * 2 / fan_in, which suits ReLU: He, Zhang, Ren and Sun, "Delving deep into rectifiers" (2015),
     * equation 10.
     */
    HE
  }

  /** The shape of a distribution. */
  enum Spread {
    UNIFORM,
    NORMAL
  }

  /**
   * Mean 0 and the variance of a {@link Scale}: uniform within sqrt(3 variance) of 0, or normal (not
   * truncated).
   */
  record Scaled(Scale scale, Spread spread) implements Initialiser {
    @Override
    public void fill(float[] y, int off, int[] shape, long seed, long stream) {
      double variance =
          switch (scale) {
            case GLOROT -> 2 / (fanIn(shape) + fanOut(shape));
            case HE -> 2 / fanIn(shape);
          };
      double bound = Math.sqrt(3 * variance);
      Initialiser distribution =
          switch (spread) {
            case UNIFORM -> new Uniform(-bound, bound);
            case NORMAL -> new Normal(0, Math.sqrt(variance));
          };
      distribution.fill(y, off, shape, seed, stream);
    }

    @Override
    public String text() {
      return (scale + "_" + spread).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A random orthogonal matrix times gain: rows (if the first axis is the shorter) or columns are
   * orthonormal; axes after the first count as one. Saxe, McClelland and Ganguli (2014); Q of a QR
   * decomposition of a normal matrix with R's diagonal positive, so evenly spread over all such
   * matrices (Mezzadri, "How to generate random matrices from the classical compact groups", 2007).
   */
  record Orthogonal(double gain) implements Initialiser {
    public Orthogonal {
      if (!Double.isFinite(gain)) {
        throw new IllegalArgumentException("orthogonal(gain) wants a finite gain, but got " + gain);
      }
    }

    @Override
    public void fill(float[] y, int off, int[] shape, long seed, long stream) {
      int n = size(shape);
      int rows = shape.length == 0 ? 1 : shape[0];
      int columns = n / rows;
      Philox.normal(seed, stream, 0, 0, y, off, n);
      boolean wide = rows <= columns;
      double[][] vectors = new double[wide ? rows : columns][wide ? columns : rows];
      for (int i = 0; i < n; i++) {
        int row = i / columns;
        int column = i % columns;
        vectors[wide ? row : column][wide ? column : row] = y[off + i];
      }
      Orthonormal.orthonormalise(vectors);
      for (int i = 0; i < n; i++) {
        int row = i / columns;
        int column = i % columns;
        y[off + i] = (float) (gain * vectors[wide ? row : column][wide ? column : row]);
      }
    }

    @Override
    public String text() {
      return gain == 1 ? "orthogonal" : "orthogonal(" + gain + ")";
    }
  }

  /** A tensor of equal parts along the first axis, each with first values of its own: the heads of attention. */
  record Each(Initialiser part) implements Initialiser {
    @Override
    public void fill(float[] y, int off, int[] shape, long seed, long stream) {
      int[] one = Arrays.copyOfRange(shape, 1, shape.length);
      int length = size(one);
      for (int i = 0; i < shape[0]; i++) {
        part.fill(y, off + i * length, one, seed, Philox.stream(stream, i));
      }
    }

    @Override
    public String text() {
      return "each " + part.text();
    }
  }

  /** This, for each part along the first axis by itself. */
  default Initialiser each() {
    return new Each(this);
  }

  /** What {@link #of} knows, with its arguments. */
  List<String> KNOWN =
      List.of(
          "zeros",
          "ones",
          "constant(value)",
          "uniform(low, high)",
          "normal(mean, deviation)",
          "glorot_uniform",
          "glorot_normal",
          "he_uniform",
          "he_normal",
          "orthogonal",
          "orthogonal(gain)");

  /**
   * The initialiser of that name.
   *
   * @throws IllegalArgumentException if the name is unknown (the message lists the known ones), if
   * it takes another number
   *     of arguments, or if an argument is out of its range
   */
  static Initialiser of(String name, double... arguments) {
    return switch (name + "/" + arguments.length) {
      case "zeros/0" -> new Constant(0);
      case "ones/0" -> new Constant(1);
      case "constant/1" -> new Constant(arguments[0]);
      case "uniform/2" -> new Uniform(arguments[0], arguments[1]);
      case "normal/2" -> new Normal(arguments[0], arguments[1]);
      case "glorot_uniform/0" -> new Scaled(Scale.GLOROT, Spread.UNIFORM);
      case "glorot_normal/0" -> new Scaled(Scale.GLOROT, Spread.NORMAL);
      case "he_uniform/0" -> new Scaled(Scale.HE, Spread.UNIFORM);
      case "he_normal/0" -> new Scaled(Scale.HE, Spread.NORMAL);
      case "orthogonal/0" -> new Orthogonal(1);
      case "orthogonal/1" -> new Orthogonal(arguments[0]);
      default ->
          throw new IllegalArgumentException(
              "no initialiser '"
                  + name
                  + "' takes "
                  + arguments.length
                  + " arguments; known are "
                  + String.join(", ", KNOWN));
    };
  }

  private static int size(int[] shape) {
    int size = 1;
    for (int extent : shape) {
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }

  private static double fanIn(int[] shape) {
    return switch (shape.length) {
      case 0 -> 1;
      case 1, 2 -> shape[0];
      default -> (double) size(shape) / shape[0];
    };
  }

  private static double fanOut(int[] shape) {
    return switch (shape.length) {
      case 0 -> 1;
      case 1 -> shape[0];
      case 2 -> shape[1];
      default -> (double) size(shape) / shape[1];
    };
  }
}
