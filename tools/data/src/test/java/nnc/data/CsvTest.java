package nnc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvTest {
  private static final String FLOWERS =
      """
      length,width,species
      5.1,3.5,0
      6.2,2.9,1
      """;

  @TempDir private Path dir;

  static Stream<Arguments> theChosenColumnsBecomeNumbers() {
    return Stream.of(
        Arguments.of(
            "by number, below a header",
            FLOWERS,
            numbers(0, 2),
            new float[][] {{5.1f, 0}, {6.2f, 1}}),
        Arguments.of(
            "by name", FLOWERS, names("species", "width"), new float[][] {{0, 3.5f}, {1, 2.9f}}),
        Arguments.of(
            "without a header", "1,2\n3,4\n", numbers(1, 0), new float[][] {{2, 1}, {4, 3}}),
        Arguments.of("twice the same", "1,2\n", numbers(1, 1), new float[][] {{2, 2}}),
        Arguments.of("no newline at the end", "1\n2", numbers(0), new float[][] {{1}, {2}}),
        Arguments.of("lines of Windows", "a,b\r\n1,2\r\n", numbers(0, 1), new float[][] {{1, 2}}),
        Arguments.of("empty lines", "\n1,2\n\n3,4\n\n", numbers(0), new float[][] {{1}, {3}}),
        Arguments.of("a byte order mark", "\uFEFFa,b\n1,2\n", names("a"), new float[][] {{1}}),
        Arguments.of(
            "spaces around fields", " a , b\n 1 ,\t2\n", names("a", "b"), new float[][] {{1, 2}}),
        Arguments.of(
            "quotes",
            "\"a,\"\"b\"\"\n\",\"c\"\n\"1\",\"2\"\n",
            names("a,\"b\"", "c"),
            new float[][] {{1, 2}}),
        Arguments.of("text in other columns", "x,1,\n,2,y\n", numbers(1), new float[][] {{1}, {2}}),
        Arguments.of(
            "a header of which only the chosen part is text",
            "0,x,y\n5,6,7\n",
            numbers(1, 2),
            new float[][] {{6, 7}}),
        Arguments.of(
            "a header with an empty name", ",y\n5,6\n", numbers(0, 1), new float[][] {{5, 6}}),
        Arguments.of(
            "a numeric field chosen by name", "7,y\n5,6\n", names("7"), new float[][] {{5}}),
        Arguments.of(
            "every way to write a number",
            "-1\n+2\n3.\n.5\n1e3\n1E-2\n1.5e+1\n007\n-0\n1e-99\n",
            numbers(0),
            new float[][] {{-1}, {2}, {3}, {0.5f}, {1000}, {0.01f}, {15}, {7}, {-0f}, {0}}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void theChosenColumnsBecomeNumbers(
      String name, String text, List<ColumnRef> columns, float[][] rows) throws IOException {
    Path file = Files.writeString(dir.resolve("data.csv"), text);

    Table table = Table.read(file, columns);

    assertThat(table.rows()).isEqualTo(rows.length);
    assertThat(table.columns()).isEqualTo(columns.size());
    float[][] read = new float[table.rows()][table.columns()];
    for (int row = 0; row < table.rows(); row++) {
      System.arraycopy(table.values(), row * table.columns(), read[row], 0, table.columns());
    }
    assertThat(Arrays.deepToString(read)).isEqualTo(Arrays.deepToString(rows));
  }

  @Test
  void aGzippedFileIsUnpacked() throws IOException {
    Path file = Files.write(dir.resolve("data.csv.gz"), gzip(FLOWERS));
    assertThat(Table.read(file, names("species")).values()).containsExactly(0, 1);
  }

  @Test
  void veryWideAndVeryLongTextsAreRead() throws IOException {
    int columns = 50_000;
    String row = "1,".repeat(columns - 1) + "2\n";
    Path file = Files.writeString(dir.resolve("wide.csv"), row.repeat(5));
    Table table = Table.read(file, numbers(columns - 1, 0));
    assertThat(table.values()).containsExactly(2, 1, 2, 1, 2, 1, 2, 1, 2, 1);
  }

  @Test
  void theRealDataIsRead() {
    Table digits =
        Table.read(
            Path.of("../../models/data/digits.csv"),
            numbers(IntStream.rangeClosed(0, 64).toArray()));
    assertThat(digits.rows()).isEqualTo(1797);
    assertThat(digits.at(0, 2)).isEqualTo(5);
    for (int row = 0; row < digits.rows(); row++) {
      assertThat(digits.at(row, 64)).as("the digit of row %d", row).isBetween(0f, 9f);
    }

    Table iris = Table.read(Path.of("../../models/data/iris.csv"), names("species"));
    assertThat(IntStream.range(0, 150).mapToObj(row -> iris.at(row, 0)).distinct())
        .containsExactly(0f, 1f, 2f);
  }

  @Test
  void rowsComeWithTheLinesOnWhichTheyStart() {
    String text = "a,b\n\n1,\"two\nlines\"\n2,x\n";
    List<Long> lines = new ArrayList<>();
    try (CsvRows rows = Csv.rows(new StringReader(text), "standard input", names("a"))) {
      while (rows.hasNext()) {
        rows.next();
        lines.add(rows.line());
      }
    }
    assertThat(lines).containsExactly(3L, 5L);
  }

  @Test
  void aPipeGivesEachRowBeforeTheNextLineComes() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          try (PipedWriter out = new PipedWriter();
              CsvRows rows = Csv.rows(new PipedReader(out), "standard input", numbers(0))) {
            for (int i = 0; i < 3; i++) {
              out.write(i + ",0\n");
              out.flush();
              assertThat(rows.next()).containsExactly(i);
            }
            out.close();
            assertThat(rows.hasNext()).isFalse();
          }
        });
  }

  @Test
  void bytesFromAPipeAreReadTheSameWay() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          InputStream endless = new EndlessRow();
          CsvRows rows = Csv.rows(endless, "standard input", numbers(1));
          assertThat(rows.next()).containsExactly(2);
          assertThat(rows.next()).containsExactly(2);
        });
  }

  /**
   * Gives one line a read, for ever: whoever waits for its end or a full buffer of many lines waits
   * too long.
   */
  private static final class EndlessRow extends InputStream {
    private static final byte[] LINE = "1,2\n".getBytes(StandardCharsets.UTF_8);
    private int at;
    private int read;

    @Override
    public int read() {
      return LINE[at++ % LINE.length];
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      if (read++ > 10) {
        throw new AssertionError("a row is waited for though it has come");
      }
      System.arraycopy(LINE, 0, to, offset, LINE.length);
      return LINE.length;
    }
  }

  @Test
  void anEmptyPipeHasNoRows() {
    assertThat(Csv.rows(new StringReader(""), "standard input", numbers(0)).hasNext()).isFalse();
    assertThat(Csv.rows(new StringReader("a\n"), "standard input", numbers(0)).hasNext()).isFalse();
  }

  @Test
  void noColumnAtAllIsABug() {
    assertThatThrownBy(() -> Csv.rows(new StringReader("1"), "x", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ColumnRef.Number(-1))
        .hasMessage("columns are counted from 0, but one is -1");
  }

  static List<ColumnRef> numbers(int... columns) {
    return IntStream.of(columns).<ColumnRef>mapToObj(ColumnRef.Number::new).toList();
  }

  static List<ColumnRef> names(String... columns) {
    return Stream.of(columns).<ColumnRef>map(ColumnRef.Named::new).toList();
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
