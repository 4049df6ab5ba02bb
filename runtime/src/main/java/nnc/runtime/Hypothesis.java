package nnc.runtime;

import java.util.Arrays;

/** A sequence that is being generated: its symbols so far. */
record Hypothesis(int[] symbols, double logProbability) {
  static final Hypothesis EMPTY = new Hypothesis(new int[0], 0);

  Hypothesis then(int symbol, double log) {
    int[] longer = Arrays.copyOf(symbols, symbols.length + 1);
    longer[symbols.length] = symbol;
    return new Hypothesis(longer, logProbability + log);
  }

  int length() {
    return symbols.length;
  }
}
