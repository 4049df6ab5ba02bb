package nnc.compiler.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Writes diagnostics for people: the error, its place, the line with the offending part underlined, notes, helps.
 *
 * <pre>
 * error[shape]: the inner sizes of '@' differ
 *   --> models/mlp.nn:12:7
 *    |
 * 12 |   y = x @ W2 + b
 *    |       ^   ^^ [512, 10], declared at line 9
 *    |       [B, 256]
 *    = 256 (axis 'in' of x) is not 512 (axis 0 of W2)
 *    = help: did you mean 'W1': [256, 10]?
 * </pre>
 *
 * Labels inside the offending part are underlined in its stead. A part that spans several lines is
 * underlined on its first.
 */
public final class DiagnosticPrinter {
  private final Style style;

  /** @param colour whether to write ANSI colours; the text is the same without */
  public DiagnosticPrinter(boolean colour) {
    style = new Style(colour);
  }

  /** All diagnostics, an empty line between them; ends with a line end. */
  public String print(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(this::print).collect(Collectors.joining("\n"));
  }

  /** One diagnostic; ends with a line end. */
  public String print(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    out.append(style.error("error[" + diagnostic.id() + "]"));
    out.append(style.strong(": " + DisplayLine.printable(diagnostic.message()))).append('\n');
    int width = 1;
    Span primary = diagnostic.span();
    if (primary != null) {
      List<Mark> marks = marks(primary, diagnostic.labels());
      width = String.valueOf(marks.stream().mapToInt(Mark::line).max().orElse(1)).length();
      printSource(primary, marks, "-->", width, out);
      for (Span first : firstOfOtherSources(primary, marks)) {
        printSource(first, marks, ":::", width, out);
      }
    }
    for (String note : diagnostic.notes()) {
      printRemark(note, width, out);
    }
    for (String help : diagnostic.helps()) {
      printRemark("help: " + help, width, out);
    }
    return out.toString();
  }

  /** What is underlined, in the order of the text. */
  private static List<Mark> marks(Span primary, List<Diagnostic.Label> labels) {
    List<Mark> marks = new ArrayList<>();
    for (Diagnostic.Label label : labels) {
      marks.add(new Mark(label.span(), DisplayLine.printable(label.remark())));
    }
    Predicate<Mark> standsForPrimary =
        mark ->
            mark.span().source() == primary.source()
                && mark.line() == primary.line()
                && mark.span().from() >= primary.from()
                && mark.span().to() <= primary.to();
    if (marks.stream().noneMatch(standsForPrimary)) {
      marks.add(new Mark(primary, ""));
    }
    marks.sort(Comparator.comparing(Mark::span));
    return marks;
  }

  private static List<Span> firstOfOtherSources(Span primary, List<Mark> marks) {
    List<Span> first = new ArrayList<>();
    for (Mark mark : marks) {
      Source source = mark.span().source();
      if (source != primary.source() && first.stream().noneMatch(span -> span.source() == source)) {
        first.add(mark.span());
      }
    }
    return first;
  }

  private void printSource(
      Span place, List<Mark> marks, String arrow, int width, StringBuilder out) {
    String indent = " ".repeat(width);
    out.append(style.frame(indent + arrow))
        .append(' ')
        .append(DisplayLine.printable(place.toString()))
        .append('\n');
    out.append(style.frame(indent + " |")).append('\n');
    int previousLine = 0;
    for (Excerpt excerpt :
        Excerpt.of(marks.stream().filter(m -> m.span().source() == place.source()).toList())) {
      if (previousLine != 0 && excerpt.line() > previousLine + 1) {
        out.append(style.frame(".".repeat(Math.max(3, width)))).append('\n');
      }
      String number = String.valueOf(excerpt.line());
      out.append(style.frame(" ".repeat(width - number.length()) + number + " |"));
      out.append(excerpt.text().isEmpty() ? "" : " " + excerpt.text()).append('\n');
      for (String row : excerpt.underlines()) {
        out.append(style.frame(indent + " |")).append(' ').append(style.error(row)).append('\n');
      }
      previousLine = excerpt.line();
    }
  }

  private void printRemark(String remark, int width, StringBuilder out) {
    String indent = " ".repeat(width + 1);
    String[] lines = remark.split("\n");
    out.append(style.frame(indent + "="))
        .append(' ')
        .append(DisplayLine.printable(lines[0]))
        .append('\n');
    for (int i = 1; i < lines.length; i++) {
      out.append(indent).append("  ").append(DisplayLine.printable(lines[i])).append('\n');
    }
  }

  /** ANSI colours, or none. */
  private record Style(boolean colour) {
    String error(String text) {
      return paint("1;31", text);
    }

    String strong(String text) {
      return paint("1", text);
    }

    String frame(String text) {
      return paint("1;34", text);
    }

    private String paint(String code, String text) {
      return colour ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
  }
}
