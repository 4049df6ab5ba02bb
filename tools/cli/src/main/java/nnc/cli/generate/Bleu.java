package nnc.cli.generate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU of a whole set with one reference for each sentence (Papineni et al. 2002): the geometric mean of the precisions of 1 to 4
 * tokens in a row, each counted at most as often as the reference has it, times exp(1 - r / c) where what was generated (c tokens)
 * is shorter than the references (r). From 0 to 1; not smoothed.
 */
final class Bleu {
  private static final int LONGEST = 4;

  private final long[] matches = new long[LONGEST];
  private final long[] all = new long[LONGEST];
  private long generatedLength;
  private long referenceLength;

  void add(List<String> generated, List<String> reference) {
    generatedLength += generated.size();
    referenceLength += reference.size();
    for (int n = 1; n <= LONGEST; n++) {
      Map<List<String>, Integer> there = counts(reference, n);
      for (Map.Entry<List<String>, Integer> found : counts(generated, n).entrySet()) {
        matches[n - 1] += Math.min(found.getValue(), there.getOrDefault(found.getKey(), 0));
        all[n - 1] += found.getValue();
      }
    }
  }

  private static Map<List<String>, Integer> counts(List<String> tokens, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int from = 0; from + n <= tokens.size(); from++) {
      counts.merge(List.copyOf(tokens.subList(from, from + n)), 1, Integer::sum);
    }
    return counts;
  }

  double value() {
    double logs = 0;
    for (int n = 0; n < LONGEST; n++) {
      if (matches[n] == 0) {
        return 0;
      }
      logs += Math.log((double) matches[n] / all[n]);
    }
    double brevity = Math.min(0, 1 - (double) referenceLength / generatedLength);
    return Math.exp(logs / LONGEST + brevity);
  }
}
