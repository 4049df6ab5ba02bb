package nnc.runtime;

/** How the next symbols of a sequence are chosen by the scores of a model; p is their softmax. */
public sealed interface Search {
  /** The most probable symbol at each step. */
  record Greedy() implements Search {}

  /**
   * A symbol drawn at each step. First the scores are divided by the temperature; of these only the most probable are left, and
   * their probabilities are made to sum to 1 again.
   *
   * @param temperature below 1 the probable becomes more probable, above 1 less
   * @param topK how many symbols are left at most (Fan et al. 2018); 0 for all
   * @param topP as few symbols are left as have together this probability (Holtzman et al. 2020), after topK; 1 for all
   */
  record Sample(double temperature, int topK, double topP) implements Search {
    /** Draws symbols with the probabilities that they have. */
    public static final Sample PLAIN = new Sample(1, 0, 1);

    public Sample {
      require(
          temperature > 0 && temperature < Double.POSITIVE_INFINITY,
          "temperature",
          "a number above 0",
          temperature);
      require(topK >= 0, "top_k", "0, for all symbols, or how many are left", topK);
      require(topP > 0 && topP <= 1, "top_p", "a probability above 0, up to 1", topP);
    }
  }

  /**
   * The most probable sequence of those that grow from the best beginnings at each step.
   *
   * @param width how many beginnings are kept
   * @param lengthPenalty alpha: sequences of n symbols compare by log p / ((5 + n) / 6)^alpha (Wu et al. 2016, equation 14)
   */
  record Beam(int width, double lengthPenalty) implements Search {
    public static final double LENGTH_PENALTY = 0.6;

    public Beam {
      require(width >= 1, "width", "a whole number of at least 1", width);
      require(
          lengthPenalty >= 0 && lengthPenalty < Double.POSITIVE_INFINITY,
          "length_penalty",
          "a number of at least 0",
          lengthPenalty);
    }

    /** By what finished sequences are compared. */
    double normalised(double logProbability, int symbols) {
      return logProbability / Math.pow((5.0 + symbols) / 6, lengthPenalty);
    }
  }

  private static void require(boolean holds, String name, String expected, Number found) {
    if (!holds) {
      double value = found.doubleValue();
      String text =
          value == Math.rint(value) ? String.valueOf(found.longValue()) : found.toString();
      throw new IllegalArgumentException("'" + name + "' is " + expected + ", found " + text);
    }
  }
}
