package nnc.cli.data;

import java.io.InputStream;
import java.util.Iterator;
import nnc.data.DataException;
import nnc.data.TextLines;
import nnc.runtime.Quoted;

/**
 * A text and where it came from: a line of a stream, or the command line.
 *
 * @param number of the line, counted from 1; 0 for a text of the command line
 */
public record Line(String text, String source, long number) {
  /** What messages call it. */
  public static final String STANDARD_INPUT = "standard input";

  /** A text of the command line. */
  public static Line argument(String text) {
    return new Line(text, "the text " + Quoted.text(text), 0);
  }

  /**
   * Lines as they are read.
   *
   * @param source what messages call the stream
   */
  public static Iterator<Line> of(InputStream stream, String source) {
    TextLines lines = new TextLines(stream, source);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return lines.hasNext();
      }

      @Override
      public Line next() {
        return new Line(lines.next(), source, lines.line());
      }
    };
  }

  /** Whether whoever gave it can be asked for another: lines of a stream may have others behind them. */
  public boolean isArgument() {
    return number == 0;
  }

  /** What messages call it. */
  public String place() {
    return isArgument() ? source : source + ":" + number;
  }

  /** What is to be thrown if it is wrong. */
  public DataException wrong(String problem, String help) {
    return isArgument()
        ? new DataException(source, problem, help)
        : new DataException(source, number, problem, help);
  }
}
