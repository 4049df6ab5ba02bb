package nnc.data;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.stream.IntStream;
import nnc.runtime.Nearest;
import nnc.runtime.Quoted;

/**
 * The chosen columns of one CSV text: where they are, what its header calls them, and the numbers
 * in a row of it.
 */
final class CsvColumns {
  private final String source;
  private final long firstLine;
  private final List<String> first;
  private final boolean hasHeader;
  private final int[] chosen;

  private CsvColumns(String source, CsvRecord first, boolean hasHeader, int[] chosen) {
    this.source = source;
    this.firstLine = first.getStartingLineNumber();
    this.first = first.getFields().stream().map(String::strip).toList();
    this.hasHeader = hasHeader;
    this.chosen = chosen;
  }

  /** Finds the columns in the first record of a text. */
  static CsvColumns choose(String source, CsvRecord first, List<ColumnRef> wanted) {
    List<String> fields = first.getFields().stream().map(String::strip).toList();
    int[] chosen = new int[wanted.size()];
    boolean byName = false;
    for (int i = 0; i < chosen.length; i++) {
      switch (wanted.get(i)) {
        case ColumnRef.Number number -> chosen[i] = beyond(source, first, number.index());
        case ColumnRef.Named named -> {
          chosen[i] = find(source, first, fields, named.name());
          byName = true;
        }
      }
    }
    // A first row that is a text in one place and a number in another is data, and wrong.
    List<String> own = IntStream.of(chosen).mapToObj(fields::get).toList();
    boolean texts =
        own.stream().anyMatch(CsvColumns::isText) && own.stream().noneMatch(CsvColumns::isNumber);
    return new CsvColumns(source, first, byName || texts, chosen);
  }

  private static boolean isText(String field) {
    return !field.isEmpty() && !isNumber(field);
  }

  private static boolean isNumber(String field) {
    return Decimal.isDecimal(field) || Decimal.isNotFinite(field);
  }

  private static int beyond(String source, CsvRecord first, int index) {
    int width = first.getFieldCount();
    if (index >= width) {
      throw new DataException(
          source,
          first.getStartingLineNumber(),
          "expected a column " + index + ", found columns 0 to " + (width - 1),
          "columns are counted from 0 and separated by commas");
    }
    return index;
  }

  private static int find(String source, CsvRecord first, List<String> fields, String name) {
    int index = fields.indexOf(name);
    long line = first.getStartingLineNumber();
    String expected = "expected a column " + Quoted.text(name) + ", found ";
    if (index < 0 && fields.stream().noneMatch(CsvColumns::isText)) {
      throw new DataException(
          source,
          line,
          expected + "no header, only numbers",
          "choose the column by its number, counted from 0");
    }
    if (index < 0) {
      String help =
          Nearest.to(name, fields)
              .map(near -> "did you mean " + Quoted.text(near) + "?")
              .orElse("choose one of these, or a column by its number, counted from 0");
      throw new DataException(source, line, expected + Quoted.list(fields), help);
    }
    int last = fields.lastIndexOf(name);
    if (last != index) {
      throw new DataException(
          source,
          line,
          "expected one column " + Quoted.text(name) + ", found columns " + index + " and " + last,
          "choose the column by its number, counted from 0");
    }
    return index;
  }

  boolean hasHeader() {
    return hasHeader;
  }

  float[] numbers(CsvRecord row) {
    if (row.getFieldCount() != first.size()) {
      throw new DataException(
          source,
          row.getStartingLineNumber(),
          "expected "
              + first.size()
              + " fields, as in line "
              + firstLine
              + ", found "
              + row.getFieldCount(),
          "separate fields by commas, and quote those that contain one");
    }
    float[] numbers = new float[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      numbers[i] = number(row, chosen[i]);
    }
    return numbers;
  }

  private float number(CsvRecord row, int column) {
    String field = row.getField(column).strip();
    if (!Decimal.isDecimal(field)) {
      throw wrong(
          row,
          column,
          Decimal.isNotFinite(field) ? "a finite number" : "a number",
          field.isEmpty() ? "an empty field" : Quoted.text(field));
    }
    float number = Float.parseFloat(field);
    if (Float.isInfinite(number)) {
      throw wrong(row, column, "a number that a float can hold", Quoted.text(field));
    }
    return number;
  }

  private DataException wrong(CsvRecord row, int column, String expected, String found) {
    String name =
        hasHeader ? "column " + column + " " + Quoted.text(first.get(column)) : "column " + column;
    boolean isFirst = row.getStartingLineNumber() == firstLine;
    return new DataException(
        source,
        row.getStartingLineNumber(),
        name + ": expected " + expected + ", found " + found,
        isFirst
            ? "mend or remove the row; if it is a header, choose columns by their names in it"
            : "mend or remove the row, or choose other columns (they are counted from 0)");
  }
}
