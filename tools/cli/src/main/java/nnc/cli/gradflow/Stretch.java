package nnc.cli.gradflow;

import java.util.function.DoublePredicate;

/**
 * Some elements of a tensor whose first axes are those of loops: for each place of these a block of the value's own.
 *
 * @param values all of the tensor
 * @param starts where the blocks begin
 * @param block how many elements one has
 */
record Stretch(float[] values, int[] starts, int block) {

  double norm() {
    double squares = 0;
    for (int start : starts) {
      for (int i = start; i < start + block; i++) {
        squares += (double) values[i] * values[i];
      }
    }
    return Math.sqrt(squares);
  }

  /** Root of the mean square. */
  double size() {
    return norm() / Math.sqrt((double) starts.length * block);
  }

  double share(DoublePredicate holds) {
    long count = 0;
    for (int start : starts) {
      for (int i = start; i < start + block; i++) {
        count += holds.test(values[i]) ? 1 : 0;
      }
    }
    return count / ((double) starts.length * block);
  }

  /**
   * The share of units that are 0 everywhere.
   *
   * @param units how many there are
   * @param inner how many elements lie between those of two units
   */
  double dead(int units, int inner) {
    boolean[] alive = new boolean[units];
    for (int start : starts) {
      for (int i = 0; i < block; i++) {
        alive[i / inner % units] |= values[start + i] != 0;
      }
    }
    int dead = 0;
    for (boolean each : alive) {
      dead += each ? 0 : 1;
    }
    return (double) dead / units;
  }

  /** The same places of another tensor of the same shape. */
  Stretch of(float[] others) {
    return new Stretch(others, starts, block);
  }

  /** One of the blocks. */
  Stretch at(int place) {
    return new Stretch(values, new int[] {starts[place]}, block);
  }
}
