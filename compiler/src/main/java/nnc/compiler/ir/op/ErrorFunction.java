package nnc.compiler.ir.op;

/**
 * The error function in double precision, to about 1e-16 of its value: its Maclaurin series in Kummer's form for small
 * arguments, the continued fraction of erfc for large ones (Abramowitz and Stegun 1964, 7.1.6 and 7.1.14).
 */
final class ErrorFunction {
  private ErrorFunction() {}

  static double of(double x) {
    double magnitude = Math.abs(x);
    if (!(magnitude < 6)) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    return Math.copySign(magnitude < 2.5 ? series(magnitude) : 1 - complement(magnitude), x);
  }

  /** 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 … (2n+1)): all terms positive, so nothing cancels. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; term > sum * 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** exp(-x^2) / sqrt(pi) / (x + (1/2) / (x + 1 / (x + (3/2) / (x + …)))), from the inside out. */
  private static double complement(double x) {
    double tail = x;
    for (int n = 120; n >= 1; n--) {
      tail = x + n / 2.0 / tail;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
  }
}
