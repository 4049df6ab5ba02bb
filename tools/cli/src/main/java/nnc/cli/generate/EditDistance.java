package nnc.cli.generate;

import java.util.List;

/** How many symbols have to be put in, taken out or replaced to make one sequence of another (Levenshtein 1966). */
final class EditDistance {
  private EditDistance() {}

  static int between(List<String> one, List<String> other) {
    int[] before = new int[other.size() + 1];
    for (int j = 0; j < before.length; j++) {
      before[j] = j;
    }
    for (int i = 1; i <= one.size(); i++) {
      int[] now = new int[before.length];
      now[0] = i;
      for (int j = 1; j < now.length; j++) {
        int replaced = before[j - 1] + (one.get(i - 1).equals(other.get(j - 1)) ? 0 : 1);
        now[j] = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[other.size()];
  }
}
