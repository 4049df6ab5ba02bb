package nnc.data;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A text piece by piece, its line ends as line feeds. A piece ends with a line; where a line is very long, in front of white
 * space: so that no word is cut, and no piece is long because the text has no lines.
 */
final class TextPieces implements Iterator<String> {
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int BLOCK = 1 << 14;

  /** No piece but the last is shorter. */
  private static final int PIECE = 1 << 16;

  /** Lines are waited for up to here. */
  private static final int LONG = 1 << 20;

  private final String source;
  private final Reader in;
  private final char[] block = new char[BLOCK];
  private final StringBuilder text = new StringBuilder();
  private boolean begun;
  private boolean ended;
  private boolean afterReturn;

  TextPieces(Path file) {
    source = file.toString();
    in = new InputStreamReader(new Utf8Check(DataFile.open(file), source), StandardCharsets.UTF_8);
  }

  @Override
  public boolean hasNext() {
    while (text.isEmpty() && !ended) {
      fetch();
    }
    return !text.isEmpty();
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more text in " + source);
    }
    int searched = PIECE - 1;
    int end = end(searched);
    while (end < 0 && !ended) {
      searched = Math.max(searched, text.length());
      fetch();
      end = end(searched);
    }
    String piece = end < 0 ? text.toString() : text.substring(0, end);
    text.delete(0, piece.length());
    return piece;
  }

  /** Where a piece may end, at this place of the text or behind it; -1 if nowhere yet. */
  private int end(int from) {
    int line = text.indexOf("\n", from);
    if (line >= 0) {
      return line + 1;
    }
    if (text.length() >= LONG) {
      for (int i = text.length() - 1; i >= from; i--) {
        if (text.charAt(i) == ' ' && !Character.isWhitespace(text.charAt(i - 1))) {
          return i;
        }
      }
    }
    return -1;
  }

  private void fetch() {
    try {
      int count = in.read(block);
      for (int i = 0; i < count; i++) {
        append(block[i]);
      }
      if (count < 0) {
        ended = true;
        in.close();
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
          text.append('\n');
        }
      }
    } catch (IOException e) {
      throw DataFile.unreadable(source, e);
    }
  }

  private void append(char next) {
    boolean passedOver = begun ? next == '\n' && afterReturn : next == BYTE_ORDER_MARK;
    if (!passedOver) {
      text.append(next == '\r' ? '\n' : next);
    }
    begun = true;
    afterReturn = next == '\r';
  }
}
