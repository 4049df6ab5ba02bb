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
  void aByteThatIsNotUtf8IsToldWithItsLine() throws IOException {
    Path file = directory.resolve("latin.txt");
    Files.write(file, "one\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> new TextLines(file).forEachRemaining(line -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("latin.txt:2: ")
        .hasMessageContaining("UTF-8");
  }
}
