package nnc.runtime;

/**
 * What was generated.
 *
 * @param symbols without prompt, start and stop
 * @param logProbability the sum of the logarithms of the symbols' probabilities, that of the stop symbol included
 */
public record Sequence(int[] symbols, double logProbability) {
  public Sequence {
    symbols = symbols.clone();
  }

  @Override
  public int[] symbols() {
    return symbols.clone();
  }
}
