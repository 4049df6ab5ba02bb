package nnc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextLinesTest {
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("text.txt"), text);
  }

  @Test
  void linesEndInAnyWay() throws IOException {
    List<String> lines = new ArrayList<>();
    new TextLines(file("\uFEFFone\r\ntwo\n\nfour")).forEachRemaining(lines::add);
    assertThat(lines).containsExactly("one", "two", "", "four");
  }

  @Test
  void piecesAreTheWholeText() throws IOException {
    String text = "It is a truth universally acknowledged\n".repeat(10_000);
    List<String> pieces = new ArrayList<>();
    TextLines.pieces(file(text)).forEach(pieces::add);
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).hasSizeGreaterThan(1).allMatch(piece -> piece.endsWith("\n"));
  }

  @Test
  void piecesEndTheirLinesWithALineFeed() throws IOException {
    List<String> pieces = new ArrayList<>();
    TextLines.pieces(file("\uFEFFone\r\ntwo\r\rthree\n\nfour")).forEach(pieces::add);
    assertThat(pieces).containsExactly("one\ntwo\n\nthree\n\nfour\n");
    assertThat(TextLines.pieces(file(""))).isEmpty();
  }

  @Test
  void aTextWithoutLinesIsCutBetweenWords() throws IOException {
    String text = "anarchism  originated as a term\tof abuse ".repeat(100_000);
    List<String> pieces = new ArrayList<>();
    TextLines.pieces(file(text)).forEach(pieces::add);
    assertThat(String.join("", pieces)).isEqualTo(text + "\n");
    assertThat(pieces).hasSizeGreaterThan(3).allMatch(piece -> piece.length() < 1_100_000);
    assertThat(pieces.subList(1, pieces.size())).allMatch(piece -> piece.matches("(?s) +\\S.*"));
    assertThat(pieces.subList(0, pieces.size() - 1)).noneMatch(piece -> piece.endsWith(" "));
  }

  @Test
  void aByteThatIsNotUtf8IsToldWithItsLine() throws IOException {
    Path file = directory.resolve("latin.txt");
    Files.write(file, "one\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> new TextLines(file).forEachRemaining(line -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("latin.txt:2: ")
        .hasMessageContaining("UTF-8");
  }
}
