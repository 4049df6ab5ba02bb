package nnc.benchmarks;

import java.util.Arrays;

/**
 * What skip-gram with negative sampling minimises (Mikolov et al. 2013), as an expectation, in nats a pair: of places of a
 * corpus, over all pairs in a window of 1 to {@link #WINDOW} words, each length as probable, and over {@link #NEGATIVES} words
 * drawn by counts to the 3/4.
 *
 * <pre>{@code softplus(-near_c . middle_w) + 5 * sum over n of P(n) softplus(near_n . middle_w)}</pre>
 */
final class PairLoss {
  static final int WINDOW = 5;
  private static final int NEGATIVES = 5;

  /** One place of so many is looked at. */
  private static final int STRIDE = 50;

  private final Corpus corpus;
  private final WordTables tables;
  private final double[] probability;

  /** Of each word, what is expected of its negatives; NaN before it is known. */
  private final double[] missed;

  private PairLoss(Corpus corpus, WordTables tables) {
    this.corpus = corpus;
    this.tables = tables;
    this.probability = corpus.negatives();
    this.missed = new double[probability.length];
    Arrays.fill(missed, Double.NaN);
  }

  static double of(Corpus corpus, WordTables tables) {
    return new PairLoss(corpus, tables).mean();
  }

  private double mean() {
    int[] text = corpus.text();
    double sum = 0;
    double weights = 0;
    for (int at = 0; at < text.length; at += STRIDE) {
      int first = Math.max(0, at - WINDOW);
      int last = Math.min(text.length - 1, at + WINDOW);
      for (int other = first; other <= last; other++) {
        if (other != at) {
          double weight = (WINDOW + 1 - Math.abs(other - at)) / (double) WINDOW;
          sum += weight * (softplus(-product(text[other], text[at])) + missed(text[at]));
          weights += weight;
        }
      }
    }
    return sum / weights;
  }

  private double missed(int word) {
    if (Double.isNaN(missed[word])) {
      double sum = 0;
      for (int negative = 0; negative < probability.length; negative++) {
        sum += probability[negative] * softplus(product(negative, word));
      }
      missed[word] = NEGATIVES * sum;
    }
    return missed[word];
  }

  private double product(int near, int middle) {
    float[] a = tables.near()[near];
    float[] b = tables.middle()[middle];
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
