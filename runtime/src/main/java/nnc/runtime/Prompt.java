package nnc.runtime;

import java.util.Map;

/**
 * What a sequence is generated for.
 *
 * @param symbols those that it begins with, after the start symbol if there is one
 * @param inputs one row of each other input that the scores depend on, by name
 */
public record Prompt(int[] symbols, Map<String, float[]> inputs) {
  public Prompt {
    symbols = symbols.clone();
    inputs = Map.copyOf(inputs);
  }

  public Prompt(int... symbols) {
    this(symbols, Map.of());
  }

  @Override
  public int[] symbols() {
    return symbols.clone();
  }
}
