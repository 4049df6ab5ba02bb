package nnc.data;

import static nnc.data.CsvTest.gzip;
import static nnc.data.CsvTest.names;
import static nnc.data.CsvTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a CSV text can be wrong, and what the user reads then. */
class CsvErrorsTest {
  private static final String COUNTED_FROM_0 = "columns are counted from 0 and separated by commas";
  private static final String MEND =
      "mend or remove the row, or choose other columns (they are counted from 0)";
  private static final String MEND_FIRST =
      "mend or remove the row; if it is a header, choose columns by their names in it";
  private static final String SEPARATE =
      "separate fields by commas, and quote those that contain one";
  private static final String CLOSE = "close the quotes, and double those inside of quoted fields";
  private static final String BY_NUMBER = "choose the column by its number, counted from 0";

  @TempDir private Path dir;

  private static Arguments wrong(
      String text, List<ColumnRef> columns, String message, String help) {
    return Arguments.of(text, columns, message + "\n  = help: " + help);
  }

  static Stream<Arguments> wrongFields() {
    return Stream.of(
        wrong("a,b\n1,x\n", numbers(0, 1), ":2: column 1 'b': expected a number, found 'x'", MEND),
        wrong(
            "1,2\n\n\"3\",4\n5,six\n",
            numbers(1),
            ":4: column 1: expected a number, found 'six'",
            MEND),
        wrong(
            "1,\"a\nb\"\n\"x\n\",2\n",
            numbers(0),
            ":3: column 0: expected a number, found 'x'",
            MEND),
        wrong(
            "1,2\n3,\n", numbers(1), ":2: column 1: expected a number, found an empty field", MEND),
        wrong(
            "1,2\n3, \n",
            numbers(1),
            ":2: column 1: expected a number, found an empty field",
            MEND),
        wrong(
            "1\n\"\"\n", numbers(0), ":2: column 0: expected a number, found an empty field", MEND),
        wrong(
            "w\nNaN\n",
            numbers(0),
            ":2: column 0 'w': expected a finite number, found 'NaN'",
            MEND),
        wrong(
            "w\n-inf\n",
            numbers(0),
            ":2: column 0 'w': expected a finite number, found '-inf'",
            MEND),
        wrong(
            "w\n+Infinity\n",
            numbers(0),
            ":2: column 0 'w': expected a finite number, found '+Infinity'",
            MEND),
        wrong(
            "w\n1e39\n",
            numbers(0),
            ":2: column 0 'w': expected a number that a float can hold, found '1e39'",
            MEND),
        wrong("w\n1f\n", numbers(0), ":2: column 0 'w': expected a number, found '1f'", MEND),
        wrong("w\n0x1p3\n", numbers(0), ":2: column 0 'w': expected a number, found '0x1p3'", MEND),
        wrong("w\n1e\n", numbers(0), ":2: column 0 'w': expected a number, found '1e'", MEND),
        wrong("w\n1e+\n", numbers(0), ":2: column 0 'w': expected a number, found '1e+'", MEND),
        wrong("w\n.\n", numbers(0), ":2: column 0 'w': expected a number, found '.'", MEND),
        wrong("w\n1 2\n", numbers(0), ":2: column 0 'w': expected a number, found '1 2'", MEND),
        wrong(
            "w\n\u0661\n", numbers(0), ":2: column 0 'w': expected a number, found '\u0661'", MEND),
        wrong(
            "w\n\u001b[2J\n",
            numbers(0),
            ":2: column 0 'w': expected a number, found '\\u001b[2J'",
            MEND),
        wrong(
            ",2\n3,4\n",
            numbers(0, 1),
            ":1: column 0: expected a number, found an empty field",
            MEND_FIRST),
        wrong(
            "nan,2\n3,4\n",
            numbers(0, 1),
            ":1: column 0: expected a finite number, found 'nan'",
            MEND_FIRST),
        wrong(
            "1,abc,0\n1,2,1\n3,4,2\n",
            numbers(0, 1, 2),
            ":1: column 1: expected a number, found 'abc'",
            MEND_FIRST),
        wrong(
            "nan,abc\n1,2\n",
            numbers(1, 0),
            ":1: column 1: expected a number, found 'abc'",
            MEND_FIRST));
  }

  static Stream<Arguments> wrongRows() {
    return Stream.of(
        wrong(
            "a,b,c\n1,2,3\n4,5\n",
            numbers(0),
            ":3: expected 3 fields, as in line 1, found 2",
            SEPARATE),
        wrong("1,2\n1,5,2\n", numbers(0), ":2: expected 2 fields, as in line 1, found 3", SEPARATE),
        wrong(
            "\n1;2\n3;4,0\n",
            names("1;2"),
            ":3: expected 1 fields, as in line 2, found 2",
            SEPARATE),
        wrong(
            "a,b\n1,\"2\n3,4\n",
            numbers(0),
            ":2: expected comma-separated fields, found 'Unclosed quoted field at end of input'",
            CLOSE),
        wrong(
            "1,2\n3,\"4\"\u001b\n",
            numbers(0),
            ":2: expected comma-separated fields, found 'Unexpected character after closing quote: '\\u001b' (0x1b)'",
            CLOSE));
  }

  static Stream<Arguments> wrongColumns() {
    return Stream.of(
        wrong(
            "a,b\n1,2\n",
            numbers(2),
            ":1: expected a column 2, found columns 0 to 1",
            COUNTED_FROM_0),
        wrong(
            "1;2;3\n",
            numbers(0, 1),
            ":1: expected a column 1, found columns 0 to 0",
            COUNTED_FROM_0),
        wrong(
            "petal,sepal,species\n1,2,3\n",
            names("speces"),
            ":1: expected a column 'speces', found 'petal', 'sepal', 'species'",
            "did you mean 'species'?"),
        wrong(
            "petal,sepal\n1,2\n",
            names("colour"),
            ":1: expected a column 'colour', found 'petal', 'sepal'",
            "choose one of these, or a column by its number, counted from 0"),
        wrong(
            "1,2\n",
            names("a"),
            ":1: expected a column 'a', found no header, only numbers",
            BY_NUMBER),
        wrong(
            "a,b,a\n1,2,3\n",
            names("a"),
            ":1: expected one column 'a', found columns 0 and 2",
            BY_NUMBER),
        wrong(
            "",
            numbers(0),
            ": expected rows of numbers, found no rows",
            "check that this is the right file, and that it is whole"),
        wrong(
            "\n\r\n",
            numbers(0),
            ": expected rows of numbers, found no rows",
            "check that this is the right file, and that it is whole"),
        wrong(
            "a,b\n",
            numbers(0),
            ": expected rows of numbers, found a header and no rows",
            "check that this is the right file, and that it is whole"));
  }

  @ParameterizedTest
  @MethodSource({"wrongFields", "wrongRows", "wrongColumns"})
  void aWrongTextIsRefused(String text, List<ColumnRef> columns, String message)
      throws IOException {
    Path file = Files.writeString(dir.resolve("data.csv"), text);
    assertThatThrownBy(() -> Table.read(file, columns))
        .isInstanceOf(DataException.class)
        .hasMessage(file + message);
  }

  @Test
  void rowsBeforeAWrongOneAreGiven() {
    CsvRows rows = Csv.rows(new StringReader("1\nx\n3\n"), "standard input", numbers(0));
    assertThat(rows.next()).containsExactly(1);
    assertThatThrownBy(rows::next)
        .hasMessage("standard input:2: column 0: expected a number, found 'x'\n  = help: " + MEND);
    assertThat(rows.next()).containsExactly(3);
  }

  /** In columns that nobody chose too: what they hold may be anything, but the file is one text. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'1,2\n3,Jos\u00e9\n' | :2: byte 6 of the line: expected UTF-8, found 0xE9 ('\u00e9' in Latin-1)",
        "'1,2\n3,\u00e9t\u00e9\n' | :2: byte 3 of the line: expected UTF-8, found 0xE9 ('\u00e9' in Latin-1)",
        "'1,2\n3,\u0085' | :2: byte 3 of the line: expected UTF-8, found 0x85",
        "'1,\u00e9' | :1: byte 3 of the line: expected UTF-8, found 0xE9 ('\u00e9' in Latin-1)"
      })
  void whatIsNotUtf8IsTold(String latin1, String told) throws IOException {
    Path file = dir.resolve("data.csv");
    Files.writeString(file, latin1, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Table.read(file, numbers(0)))
        .hasMessage(
            file + told + "\n  = help: convert the file, for instance: iconv -f latin1 -t utf-8");
  }

  @Test
  void rowsBeforeWhatIsNotUtf8AreGiven() {
    byte[] text = "1,a\n2,b\n3,\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    CsvRows rows = Csv.rows(new ByteArrayInputStream(text), "standard input", numbers(0));
    assertThat(rows.next()).containsExactly(1);
    assertThat(rows.next()).containsExactly(2);
    assertThatThrownBy(rows::next).hasMessageContaining("standard input:3: byte 3 of the line");
  }

  @Test
  void utf8OfEveryLengthIsRead() throws IOException {
    Path file = Files.writeString(dir.resolve("data.csv"), "a,b\n\u00e9\u20ac\ud83d\ude00,1\n");
    assertThat(Table.read(file, numbers(1)).values()).containsExactly(1);
  }

  @Test
  void whatIsNoFileIsRefused() {
    Path missing = dir.resolve("missing.csv");
    assertThatThrownBy(() -> Table.read(missing, numbers(0)))
        .hasMessage(
            missing + ": expected a file of data, found no such file\n  = help: check the path");
    assertThatThrownBy(() -> Table.read(dir, numbers(0)))
        .hasMessage(dir + ": expected a file of data, found a directory\n  = help: check the path");
  }

  @Test
  void aDamagedGzipIsRefused() throws IOException {
    Path file = dir.resolve("data.csv.gz");
    Files.writeString(file, "1,2\n");
    assertThatThrownBy(() -> Table.read(file, numbers(0)))
        .hasMessage(
            file
                + ": expected gzipped data, found 'Not in GZIP format'\n"
                + "  = help: the file is damaged or not gzipped: fetch it again, or take .gz from its name");

    byte[] whole = gzip("1,2\n".repeat(10_000));
    Files.write(file, Arrays.copyOf(whole, whole.length - 9));
    assertThatThrownBy(() -> Table.read(file, numbers(0)))
        .hasMessage(
            file
                + ": expected more gzipped data, found the file's end\n  = help: fetch the file again");

    byte[] flipped = whole.clone();
    flipped[whole.length - 5] ^= 1;
    Files.write(file, flipped);
    assertThatThrownBy(() -> Table.read(file, numbers(0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected gzipped data, found 'Corrupt GZIP trailer'");
  }

  @Test
  void theExceptionSaysItsPartsToo() {
    DataException e = new DataException("d.csv", 3, "expected a, found b", "do c");
    assertThat(e).hasMessage("d.csv:3: expected a, found b\n  = help: do c");
    assertThat(e.source() + e.line().getAsLong() + e.problem() + e.help())
        .isEqualTo("d.csv3expected a, found bdo c");
    assertThat(new DataException("d.csv", "expected a, found b", "do c").line()).isEmpty();
  }
}
