package nnc.compiler.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that was probably meant. */
final class Suggestion {
  private Suggestion() {}

  static Optional<String> nearest(String wrong, Collection<String> known) {
    return known.stream()
        .filter(name -> !name.equals(wrong) && isNear(wrong, distance(wrong, name)))
        .min(
            Comparator.<String>comparingInt(name -> distance(wrong, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Names of which nothing is alike are not near. */
  private static boolean isNear(String wrong, int distance) {
    return distance <= Math.max(1, wrong.length() / 3) && distance < wrong.length();
  }

  /** Levenshtein's distance, upper and lower case alike. */
  private static int distance(String a, String b) {
    String from = a.toLowerCase(Locale.ROOT);
    String to = b.toLowerCase(Locale.ROOT);
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
