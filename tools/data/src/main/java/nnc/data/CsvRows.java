package nnc.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nnc.runtime.Quoted;

/**
 * The chosen columns of a CSV text, row by row. A row is returned as soon as its line has arrived,
 * before the next one is asked for, so that a program at the other end of a pipe gets its answer
 * line by line. Not for several threads.
 */
public final class CsvRows implements Iterator<float[]>, AutoCloseable {
  private static final int MOST_FIELDS = 1 << 22;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  /** The parser says where a malformed record starts, in words only. */
  private static final Pattern STARTING_LINE =
      Pattern.compile(" \\(record starting at line (\\d+)\\)");

  private final String source;
  private final List<ColumnRef> wanted;
  private final boolean whole;
  private final BufferedReader in;
  private final CsvReader<CsvRecord> reader;
  private Iterator<CsvRecord> records;
  private CsvColumns columns;
  private CsvRecord pending;
  private long line;

  /** @param whole whether rows have the chosen columns and no other */
  CsvRows(Reader in, String source, List<ColumnRef> columns, boolean whole) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("at least one column is chosen of " + source);
    }
    this.source = source;
    this.wanted = List.copyOf(columns);
    this.whole = whole;
    this.in = new BufferedReader(in);
    this.reader =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .build(CsvRecordHandler.of(handler -> handler.maxFields(MOST_FIELDS)), this.in);
  }

  /**
   * Whether there is another row; waits for it.
   *
   * @throws DataException if what comes next is no CSV, or the first line lacks a chosen column
   */
  @Override
  public boolean hasNext() {
    if (columns == null) {
      start();
    }
    if (pending == null) {
      pending = fetch().orElse(null);
    }
    return pending != null;
  }

  /**
   * The chosen fields of the next row: a new array.
   *
   * @throws DataException if the row has too few or too many fields, or a chosen one is no finite
   *     number
   */
  @Override
  public float[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more rows in " + source);
    }
    CsvRecord record = pending;
    pending = null;
    line = record.getStartingLineNumber();
    return columns.numbers(record);
  }

  /**
   * Refuses a file without rows, when all have been read.
   *
   * @param rows how many there were
   */
  public void requireRows(int rows) {
    if (rows == 0) {
      boolean header = columns != null && columns.hasHeader();
      throw new DataException(
          source,
          "expected rows of numbers, found " + (header ? "a header and no rows" : "no rows"),
          "check that this is the right file, and that it is whole");
    }
  }

  /** The line on which the row that was last returned starts, counted from 1. */
  public long line() {
    return line;
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw DataFile.unreadable(source, e);
    }
  }

  private void start() {
    if (records == null) {
      skipByteOrderMark();
      records = reader.iterator();
    }
    Optional<CsvRecord> first = fetch();
    if (first.isPresent()) {
      if (whole) {
        requireWidth(first.get());
      }
      columns = CsvColumns.choose(source, first.get(), wanted);
      pending = columns.hasHeader() ? null : first.get();
    }
  }

  private void requireWidth(CsvRecord first) {
    if (first.getFieldCount() != wanted.size()) {
      throw new DataException(
          source,
          first.getStartingLineNumber(),
          "expected " + wanted.size() + " fields, found " + first.getFieldCount(),
          "give the values that are asked for, separated by commas, and no other");
    }
  }

  private void skipByteOrderMark() {
    try {
      in.mark(1);
      if (in.read() != BYTE_ORDER_MARK) {
        in.reset();
      }
    } catch (IOException e) {
      throw DataFile.unreadable(source, e);
    }
  }

  private Optional<CsvRecord> fetch() {
    try {
      return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
    } catch (UncheckedIOException e) {
      throw DataFile.unreadable(source, e.getCause());
    } catch (CsvParseException e) {
      if (e.getCause() instanceof DataException wrong) { // of the bytes below the text
        throw wrong;
      }
      String what = String.valueOf(e.getMessage());
      Matcher place = STARTING_LINE.matcher(what);
      long start = place.find() ? Long.parseLong(place.group(1)) : line + 1;
      throw new DataException(
          source,
          start,
          "expected comma-separated fields, found " + Quoted.text(place.replaceAll("")),
          "close the quotes, and double those inside of quoted fields");
    }
  }
}
