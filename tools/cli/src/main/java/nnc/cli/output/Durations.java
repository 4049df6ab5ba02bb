package nnc.cli.output;

/** Times as people say them. */
public final class Durations {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;

  private Durations() {}

  /** {@code 40 s}, {@code 12 min}, {@code 3 h 5 min}. */
  public static String of(double seconds) {
    long whole = Math.round(seconds);
    if (whole < MINUTE) {
      return whole + " s";
    }
    long minutes = Math.round(seconds / MINUTE);
    return minutes < HOUR / MINUTE
        ? minutes + " min"
        : minutes / MINUTE + " h " + minutes % MINUTE + " min";
  }
}
