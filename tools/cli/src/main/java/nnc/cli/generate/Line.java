package nnc.cli.generate;

import java.io.InputStream;
import java.util.Iterator;
import nnc.data.DataException;
import nnc.data.TextLines;

/** A text that is gone on with or translated, and where it came from: a line of standard input, or the command line. */
public record Line(String text, long number) {
  private static final String STANDARD_INPUT = "standard input";
  private static final long NONE = 0;

  /** A text of the command line. */
  public static Line argument(String text) {
    return new Line(text, NONE);
  }

  /** Lines as they are read. */
  public static Iterator<Line> of(InputStream stream) {
    TextLines lines = new TextLines(stream, STANDARD_INPUT);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return lines.hasNext();
      }

      @Override
      public Line next() {
        return new Line(lines.next(), lines.line());
      }
    };
  }

  DataException wrong(String problem, String help) {
    return number == NONE
        ? new DataException("the text \"" + text + "\"", problem, help)
        : new DataException(STANDARD_INPUT, number, problem, help);
  }
}
