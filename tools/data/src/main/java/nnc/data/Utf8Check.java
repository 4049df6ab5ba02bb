package nnc.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Passes bytes on as long as they are UTF-8. What comes before the first byte that is not is passed on first, so that
 * rows before it are read; then it is told with its place.
 */
final class Utf8Check extends FilterInputStream {
  private static final int ASCII_END = 0x80;
  private static final int CONTINUATION_END = 0xC0;
  private static final int LATIN_1_LETTERS = 0xA0;

  private final String source;
  private long line = 1;
  private long column;

  /** The character that has begun: its first byte, where it is in its line, and how many bytes are still to come. */
  private int first;

  private long start;
  private int missing;
  private boolean wrong;

  Utf8Check(InputStream in, String source) {
    super(in);
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = wrong ? 0 : super.read(bytes, from, length);
    if (wrong || count < 0 && missing > 0) {
      throw notUtf8();
    }
    for (int i = 0; i < count; i++) {
      column++;
      int found = Byte.toUnsignedInt(bytes[from + i]);
      if (!continues(found)) {
        wrong = true;
        int whole = (int) Math.max(0, i - (column - start)); // bytes of whole characters
        if (whole == 0) {
          throw notUtf8();
        }
        return whole;
      }
      if (found == '\n') {
        line++;
        column = 0;
      }
    }
    return count;
  }

  /** Nothing more is to be hoped for behind a wrong byte: so readers go on with what they have. */
  @Override
  public int available() throws IOException {
    return wrong ? 0 : super.available();
  }

  private boolean continues(int next) {
    if (missing > 0) {
      missing--;
      return next >= ASCII_END && next < CONTINUATION_END;
    }
    first = next;
    start = column;
    missing = next < ASCII_END ? 0 : next < 0xE0 ? 1 : next < 0xF0 ? 2 : 3;
    return next < ASCII_END || next >= 0xC2 && next <= 0xF4;
  }

  private DataException notUtf8() {
    String meaning = first < LATIN_1_LETTERS ? "" : " ('" + (char) first + "' in Latin-1)";
    return new DataException(
        source,
        line,
        String.format(
            Locale.ROOT,
            "byte %d of the line: expected UTF-8, found 0x%02X%s",
            start,
            first,
            meaning),
        "convert the file, for instance: iconv -f latin1 -t utf-8");
  }
}
