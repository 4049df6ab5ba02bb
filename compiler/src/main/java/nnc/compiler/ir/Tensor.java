package nnc.compiler.ir;

import java.util.Arrays;

/** A value of the interpreter: elements in double precision, row-major. */
public record Tensor(int[] shape, double[] values) {
  public Tensor {
    if (Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(
          "tensor: " + values.length + " values for shape " + Arrays.toString(shape));
    }
  }

  public static Tensor scalar(double value) {
    return new Tensor(new int[0], new double[] {value});
  }

  public static Tensor of(int[] shape, float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return new Tensor(shape, wide);
  }

  public static Tensor zeros(int... shape) {
    return new Tensor(shape, new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)]);
  }

  /** The value of a tensor of one element. */
  public double scalar() {
    if (values.length != 1) {
      throw new IllegalStateException(
          "tensor of shape " + Arrays.toString(shape) + " is not a scalar");
    }
    return values[0];
  }

  /** The elements at one place of the first axis. */
  Tensor part(int place) {
    int size = values.length / shape[0];
    return new Tensor(
        Arrays.copyOfRange(shape, 1, shape.length),
        Arrays.copyOfRange(values, place * size, (place + 1) * size));
  }

  void setPart(int place, Tensor part) {
    System.arraycopy(part.values, 0, values, place * part.values.length, part.values.length);
  }

  /** How far apart neighbours along each axis lie in {@link #values}. */
  static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= shape[axis];
    }
    return strides;
  }
}
