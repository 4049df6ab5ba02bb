package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.List;

/** Breaks a formula that is too long for a line, before an operator that binds as loosely as possible. */
final class Breaks {
  /** From the loosest on. */
  private static final List<String> OPERATORS =
      List.of(" + ", " − ", " where ", " else ", " ⊙ ", " · ", "·", " / ", " ⋯ ", " ");

  /** A break inside of parentheses is worse than any outside. */
  private static final int DEEPER = OPERATORS.size();

  /** Not before this share of the line is full. */
  private static final int LEAST = 3;

  /** Where the right side begins if the left one is long. */
  private static final int DEEP = 6;

  private Breaks() {}

  /** The parts of the right side below each other. */
  static List<String> lines(String left, String right, int width) {
    List<String> lines = new ArrayList<>();
    String before = left;
    String rest = right;
    String indent = " ".repeat(left.length());
    if (left.length() > width / LEAST && left.length() + right.length() > width) {
      lines.add(left.stripTrailing());
      indent = " ".repeat(left.length() - left.stripLeading().length() + DEEP);
      before = indent;
    }
    int room = width - indent.length();
    while (rest.length() > room) {
      int at = place(rest, room);
      if (at <= 0) {
        break;
      }
      lines.add(before + rest.substring(0, at));
      rest = rest.substring(at).strip();
      before = indent;
    }
    lines.add(before + rest);
    return lines;
  }

  /** The last of the best places, or 0. */
  private static int place(String text, int room) {
    int best = 0;
    int worst = Integer.MAX_VALUE;
    int depth = 0;
    for (int i = 1; i <= room; i++) {
      char sign = text.charAt(i - 1);
      depth += "([".indexOf(sign) >= 0 ? 1 : ")]".indexOf(sign) >= 0 ? -1 : 0;
      int looseness = looseness(text, i);
      if (i >= room / LEAST && looseness >= 0 && depth * DEEPER + looseness <= worst) {
        best = i;
        worst = depth * DEEPER + looseness;
      }
    }
    return best;
  }

  private static int looseness(String text, int at) {
    for (int i = 0; i < OPERATORS.size(); i++) {
      if (text.startsWith(OPERATORS.get(i), at)) {
        return i;
      }
    }
    return -1;
  }
}
