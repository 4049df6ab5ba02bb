package nnc.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaseAndPunctuationTest {
  @TempDir Path directory;

  private List<String> tagged(Path file) {
    List<String> lines = new ArrayList<>();
    try (TextLines text = new TextLines(file)) {
      CaseAndPunctuation.tag(text, lines::add);
    }
    return lines;
  }

  @Test
  void caseAndTheMarkBehindAWordBecomeItsTag() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("text.txt"), "\"Mr. Elton!\"--said Emma,\nsmiling; don't\n\nYes.\n");
    assertThat(tagged(file))
        .containsExactly(
            "mr\tA.",
            "elton\tA!",
            "said\ta",
            "emma\tA,",
            "smiling\ta;",
            "don't\ta",
            "",
            "yes\tA.",
            "");
  }

  @Test
  void theFileThatComesWithTheModelsWasMadeSo() {
    List<String> shipped = new ArrayList<>();
    try (TextLines lines = new TextLines(Path.of("../../models/data/austen-tagged.tsv.gz"))) {
      lines.forEachRemaining(shipped::add);
    }
    assertThat(tagged(Path.of("../../models/data/austen.txt.gz"))).isEqualTo(shipped);
  }
}
