package nnc.runtime;

import java.util.Collection;
import java.util.Optional;

/** The known name that a mistyped one probably meant, for "did you mean …?". */
public final class Nearest {
  private Nearest() {}

  /**
   * The first of the known names with the fewest edits (Levenshtein 1966: insert, delete, replace;
   * letter case costs nothing), if they are few enough for a slip: at most a third of the wanted
   * name's length, one in a short name, and never all of its letters. The wanted name itself is none of them, where it is
   * known but not what was wanted.
   */
  public static Optional<String> to(String wanted, Collection<String> known) {
    int fewest = Math.min(Math.max(1, wanted.length() / 3) + 1, wanted.length());
    String nearest = null;
    for (String name : known) {
      // The lengths alone already need that many edits: no table for names that cannot win.
      if (!name.equals(wanted) && Math.abs(name.length() - wanted.length()) < fewest) {
        int edits = edits(wanted, name);
        if (edits < fewest) {
          fewest = edits;
          nearest = name;
        }
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        boolean same =
            Character.toLowerCase(from.charAt(i - 1)) == Character.toLowerCase(to.charAt(j - 1));
        int replaced = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
