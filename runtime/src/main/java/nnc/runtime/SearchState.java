package nnc.runtime;

import java.util.List;

/** Where the search for one prompt's sequences stands. */
interface SearchState {
  /** What is to be continued; none when the search has ended. */
  List<Hypothesis> open();

  /**
   * Goes one symbol further.
   *
   * @param logs for each open hypothesis the log-probabilities of all symbols, negative infinity for those that are never
   *     chosen
   */
  void advance(List<double[]> logs);

  /** What was found, the best first, once nothing is open. */
  List<Sequence> found();

  /** The symbols that will not change any more. */
  int[] certain();
}
