package nnc.compiler.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One line of a source, or as much of a long one as is worth showing, and the rows below it that underline
 * its marks and carry their remarks.
 */
record Excerpt(int line, String text, List<String> underlines) {
  /** Longer lines are cut, in UTF-16 units. */
  private static final int WIDTH = 120;

  /** How much of a line that is cut is shown in front of the first mark. */
  private static final int LEAD = 30;

  Excerpt {
    underlines = List.copyOf(underlines);
  }

  /**
   * @param marks of one source, in the order of the text; those on one line share an excerpt if they are
   * near enough
   */
  static List<Excerpt> of(List<Mark> marks) {
    List<Excerpt> excerpts = new ArrayList<>();
    for (int from = 0; from < marks.size(); ) {
      Mark first = marks.get(from);
      int to = from + 1;
      while (to < marks.size()
          && marks.get(to).line() == first.line()
          && marks.get(to).end() - first.span().from() <= WIDTH - LEAD) {
        to++;
      }
      excerpts.add(of(first, marks.subList(from, to)));
      from = to;
    }
    return excerpts;
  }

  private static Excerpt of(Mark first, List<Mark> marks) {
    Source source = first.span().source();
    int lineStart = source.lineStart(first.line());
    int lineEnd = source.lineEnd(first.line());
    int from = lineStart;
    int to = lineEnd;
    if (lineEnd - lineStart > WIDTH) {
      from =
          wholeCharacter(
              source, Math.max(lineStart, Math.min(first.span().from() - LEAD, lineEnd - WIDTH)));
      to = wholeCharacter(source, Math.min(lineEnd, from + WIDTH));
    }
    DisplayLine shown = DisplayLine.of(source.text(), from, to, from > lineStart, to < lineEnd);
    return new Excerpt(first.line(), shown.text(), underlines(marks, shown));
  }

  private static int wholeCharacter(Source source, int offset) {
    String text = source.text();
    boolean splits =
        offset > 0
            && offset < text.length()
            && Character.isSurrogatePair(text.charAt(offset - 1), text.charAt(offset));
    return splits ? offset - 1 : offset;
  }

  private static List<String> underlines(List<Mark> marks, DisplayLine shown) {
    int[] begins = marks.stream().mapToInt(mark -> shown.column(mark.span().from())).toArray();
    int[] ends = new int[begins.length];
    for (int i = 0; i < begins.length; i++) {
      ends[i] = Math.max(begins[i] + 1, shown.column(marks.get(i).end()));
    }
    int end = Arrays.stream(ends).max().orElse(0);
    StringBuilder carets = new StringBuilder(" ".repeat(end));
    for (int i = 0; i < begins.length; i++) {
      carets.replace(begins[i], ends[i], "^".repeat(ends[i] - begins[i]));
    }
    List<String> rows = new ArrayList<>();
    int last = begins.length - 1;
    if (ends[last] == end && !marks.get(last).remark().isEmpty()) {
      carets.append(' ').append(marks.get(last).remark());
      last--;
    }
    rows.add(carets.toString());
    for (int i = last; i >= 0; i--) {
      if (!marks.get(i).remark().isEmpty()) {
        rows.add(remarkRow(marks, begins, i));
      }
    }
    return rows;
  }

  /** The remark of one mark below it, and a bar for each mark to its left whose remark is still to come. */
  private static String remarkRow(List<Mark> marks, int[] begins, int which) {
    StringBuilder row = new StringBuilder(" ".repeat(begins[which]));
    for (int i = 0; i < which; i++) {
      if (begins[i] < begins[which] && !marks.get(i).remark().isEmpty()) {
        row.setCharAt(begins[i], '|');
      }
    }
    return row.append(marks.get(which).remark()).toString();
  }
}
