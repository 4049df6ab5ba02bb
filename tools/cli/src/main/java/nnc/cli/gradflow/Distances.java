package nnc.cli.gradflow;

import nnc.compiler.ir.Recur;

/**
 * The gradient of a state by how many steps it has come back: rows may end at different steps, since what stands behind their
 * end is padding.
 *
 * @param shape of the state at one step
 */
record Distances(Recur recur, int[] shape) {

  /** At each distance the root of the mean, over the rows that reach so far, of the square of their norm, times that of the rows. */
  double[] norms(Stretch gradient) {
    int steps = recur.length();
    int rows = shape.length == 0 ? 1 : shape[0];
    int width = gradient.block() / rows;
    double[] squares = new double[steps];
    int[] counts = new int[steps];
    for (int outer = 0; outer < gradient.starts().length / steps; outer++) {
      for (int row = 0; row < rows; row++) {
        int distance = -1;
        for (int back = 0; back < steps; back++) {
          int step = recur.reverse() ? back : steps - 1 - back;
          double square =
              square(gradient, gradient.starts()[outer * steps + step] + row * width, width);
          if (distance >= 0 || square != 0) {
            distance++;
            squares[distance] += square;
            counts[distance]++;
          }
        }
      }
    }
    double[] norms = new double[steps];
    for (int distance = 0; distance < steps; distance++) {
      norms[distance] =
          counts[distance] == 0
              ? Double.NaN
              : Math.sqrt(squares[distance] / counts[distance] * counts[0]);
    }
    return norms;
  }

  private static double square(Stretch gradient, int from, int width) {
    double square = 0;
    for (int i = from; i < from + width; i++) {
      square += (double) gradient.values()[i] * gradient.values()[i];
    }
    return square;
  }
}
