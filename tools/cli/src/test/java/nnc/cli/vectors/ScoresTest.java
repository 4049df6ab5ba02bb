package nnc.cli.vectors;

import static nnc.cli.vectors.WordVectorsTest.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nnc.cli.vectors.AnalogyQuestions.Score;
import nnc.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of questions and of expected neighbours, and how many of them are met. */
final class ScoresTest {
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("file.txt"), text);
  }

  @Test
  void questionsAreScoredBySection() throws IOException {
    String text =
        """
        : royal family
        man king woman queen
        Man  King\tWoman Girl

        : others
        man king woman zebra
        """;
    List<AnalogyQuestions> sections = AnalogyQuestions.read(file(text));
    assertThat(sections)
        .extracting(AnalogyQuestions::section)
        .containsExactly("royal family", "others");
    assertThat(sections.get(0).score(VECTORS, 2)).isEqualTo(new Score(2, 2, 1, 2));
    assertThat(sections.get(0).score(VECTORS, 1)).isEqualTo(new Score(2, 2, 1, 1));
    assertThat(sections.get(1).score(VECTORS, 2)).isEqualTo(new Score(1, 0, 0, 0));
  }

  @Test
  void questionsNeedNoSection() throws IOException {
    assertThat(AnalogyQuestions.read(file("a b c d")))
        .containsExactly(
            new AnalogyQuestions(
                "questions", List.of(new AnalogyQuestions.Question("a", "b", "c", "d"))));
  }

  @Test
  void expectedNeighboursAreLookedForAmongTheNearest() throws IOException {
    List<ExpectedNeighbours> all =
        ExpectedNeighbours.read(file("King\tqueen Man zebra\n\nzebra\tking\n"));
    assertThat(all.get(0).found(VECTORS, 2)).containsExactly("queen", "Man");
    assertThat(all.get(0).found(VECTORS, 1)).containsExactly("Man");
    assertThat(all.get(1).found(VECTORS, 9)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a b c d\\na b c     | file.txt:2: expected four words, found 3",
        ": only a section    | expected questions, found none",
      })
  void questionsOfAnotherFormAreRefused(String text, String message) throws IOException {
    Path file = file(text.translateEscapes());
    assertThatThrownBy(() -> AnalogyQuestions.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a\\tb\\na b | file.txt:2: expected a word, a tab and its neighbours, found no tab",
        "'\\ta'      | file.txt:1: expected a word, a tab and its neighbours, found no word",
        "'a\\t '     | file.txt:1: expected a word, a tab and its neighbours, found no neighbours",
        "''          | expected words and their neighbours, found none",
      })
  void expectedNeighboursOfAnotherFormAreRefused(String text, String message) throws IOException {
    Path file = file(text.translateEscapes());
    assertThatThrownBy(() -> ExpectedNeighbours.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}
