package nnc.data;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Comma-separated values (RFC 4180): fields may be quoted, a quote in a quoted field is doubled,
 * empty lines are skipped.
 *
 * <p>Of the chosen columns all fields must be finite decimal numbers; other columns may hold any
 * text. The first row is a header if a column is chosen by name, or if the chosen fields in it are
 * texts and none is a number. All rows must have as many fields as the first: one that has fewer
 * was cut off, one that has more has shifted its columns.
 */
public final class Csv {
  private Csv() {}

  /**
   * The chosen columns of a file, gzipped if its name ends in {@code .gz}; UTF-8.
   *
   * @param columns at least one; rows have them in this order
   * @throws DataException if the file cannot be read
   */
  public static CsvRows open(Path file, List<ColumnRef> columns) {
    return rows(DataFile.open(file), file.toString(), columns);
  }

  /**
   * The chosen columns row by row, each as soon as its line has arrived.
   *
   * @param source what errors call the text: a file's name, or {@code standard input}
   */
  public static CsvRows rows(Reader in, String source, List<ColumnRef> columns) {
    return new CsvRows(in, source, columns, false);
  }

  /** The same of bytes in UTF-8. */
  public static CsvRows rows(InputStream in, String source, List<ColumnRef> columns) {
    return rows(utf8(in, source), source, columns);
  }

  /** Rows in UTF-8 that have so many fields, all of them numbers; more are an error, as are fewer. */
  public static CsvRows wholeRows(InputStream in, String source, int fields) {
    List<ColumnRef> all =
        IntStream.range(0, fields).<ColumnRef>mapToObj(ColumnRef.Number::new).toList();
    return new CsvRows(utf8(in, source), source, all, true);
  }

  private static Reader utf8(InputStream in, String source) {
    return new InputStreamReader(new Utf8Check(in, source), StandardCharsets.UTF_8);
  }
}
