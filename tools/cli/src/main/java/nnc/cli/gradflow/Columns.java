package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, the columns aligned; a column that is empty below its head is left out. */
final class Columns {
  private final String alignment;
  private final List<String[]> rows = new ArrayList<>();

  /** @param alignment {@code <} or {@code >} for each column */
  Columns(String alignment) {
    this.alignment = alignment;
  }

  void row(String... cells) {
    rows.add(cells);
  }

  List<String> lines() {
    int[] widths = new int[alignment.length()];
    boolean[] used = new boolean[alignment.length()];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
        used[i] |= row != rows.getFirst() && !row[i].isEmpty();
      }
    }
    return rows.stream().map(row -> line(row, widths, used)).toList();
  }

  private String line(String[] row, int[] widths, boolean[] used) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      if (!used[i] && rows.size() > 1) {
        continue;
      }
      String gap = " ".repeat(widths[i] - row[i].length());
      line.append(i == 0 ? "" : "   ")
          .append(alignment.charAt(i) == '<' ? row[i] + gap : gap + row[i]);
    }
    return line.toString().stripTrailing();
  }
}
