package nnc.data;

import java.util.OptionalLong;

/**
 * Data cannot be used as asked: says where, what was expected, what was found and what to do about
 * it.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final long NO_LINE = 0;

  private final String source;
  private final long line;
  private final String problem;
  private final String help;

  /**
   * An error in one line of a text.
   *
   * @param source the file's name as the user wrote it, or {@code standard input}
   * @param line counted from 1
   * @param problem {@code expected …, found …}
   * @param help what the user can do
   */
  public DataException(String source, long line, String problem, String help) {
    super(source + (line == NO_LINE ? "" : ":" + line) + ": " + problem + "\n  = help: " + help);
    this.source = source;
    this.line = line;
    this.problem = problem;
    this.help = help;
  }

  /**
   * An error of a whole file, or of a clause such as {@code hold out 20%}, which {@code source}
   * then quotes.
   */
  public DataException(String source, String problem, String help) {
    this(source, NO_LINE, problem, help);
  }

  public String source() {
    return source;
  }

  /** The line, counted from 1; empty if the error is not about one line. */
  public OptionalLong line() {
    return line == NO_LINE ? OptionalLong.empty() : OptionalLong.of(line);
  }

  /** What was expected and what was found, without the place. */
  public String problem() {
    return problem;
  }

  public String help() {
    return help;
  }
}
