package nnc.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The lines of a text in UTF-8, gzipped if its name ends in {@code .gz}; read as they are asked for. */
public final class TextLines implements Iterator<String>, AutoCloseable {
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final String source;
  private final BufferedReader in;
  private String next;
  private long line;
  private boolean begun;
  private boolean ended;

  /** @throws DataException if there is no such file */
  public TextLines(Path file) {
    this(DataFile.open(file), file.toString());
  }

  /** @param source what messages call it */
  public TextLines(InputStream stream, String source) {
    this.source = source;
    in =
        new BufferedReader(
            new InputStreamReader(new Utf8Check(stream, source), StandardCharsets.UTF_8));
  }

  /**
   * A whole text in pieces of some size, that end with a line or, where lines are very long, in front of white space: for reading
   * it more than once, without holding it in memory.
   *
   * @param file UTF-8
   */
  public static Iterable<String> pieces(Path file) {
    return () -> new TextPieces(file);
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      fetch();
    }
    return next != null;
  }

  private void fetch() {
    try {
      next = in.readLine();
      if (next == null) {
        ended = true;
        in.close();
      } else if (!begun && !next.isEmpty() && next.charAt(0) == BYTE_ORDER_MARK) {
        next = next.substring(1);
      }
      begun = true;
    } catch (IOException e) {
      throw DataFile.unreadable(source, e);
    }
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more lines in " + source);
    }
    String found = next;
    next = null;
    line++;
    return found;
  }

  /** The number of the line that was last returned, counted from 1. */
  public long line() {
    return line;
  }

  public String source() {
    return source;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw DataFile.unreadable(source, e);
    }
  }
}
