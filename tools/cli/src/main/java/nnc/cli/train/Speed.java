package nnc.cli.train;

/**
 * How fast rows are trained lately: over a half to three quarters of the time that has been measured, so that a slow beginning,
 * as Java compiles what it runs, is soon forgotten.
 */
final class Speed {
  private static final double NANOSECONDS = 1e-9;

  private long began;
  private Mark older = new Mark(0, 0);
  private Mark newer = older;

  /** How many rows had been trained at a moment. */
  private record Mark(long nanoseconds, int rows) {}

  /** Begins to measure: what was before is forgotten. */
  void begin(long nanoseconds, int rows) {
    began = nanoseconds;
    older = new Mark(nanoseconds, rows);
    newer = older;
  }

  /** Seconds a row takes; NaN if none has been trained since the beginning. */
  double secondsPerRow(long nanoseconds, int rows) {
    if (rows > newer.rows() && nanoseconds - newer.nanoseconds() >= newer.nanoseconds() - began) {
      older = newer;
      newer = new Mark(nanoseconds, rows);
    }
    return rows == older.rows()
        ? Double.NaN
        : (nanoseconds - older.nanoseconds()) * NANOSECONDS / (rows - older.rows());
  }
}
