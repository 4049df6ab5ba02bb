package nnc.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import nnc.cli.train.TrainingData;
import nnc.compiler.Project;
import nnc.compiler.model.Models;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.Source;
import nnc.data.DataException;
import nnc.runtime.text.Vocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which ids stand where in the inputs of a model that is trained on symbols. */
final class SymbolDataTest {
  private static final String TEXT =
      """
      model Text {
        dim B = 2
        input x: i32[B, 4]
        input next: i32[B, 4]
        input others: i32[B, 3]
        loss = cross_entropy(x |> Embedding(96, 4) |> Dense(96), next) + mean(others |> Embedding(96, 4))
      }
      train Text {
        data text("text.txt", chars(96), stride = 3) {
          x = tokens(0..3); next = tokens(1..4); others = tokens(0, 0, 2); hold out 1
        }
        optimizer SGD
      }
      """;

  private static final String PAIRS =
      """
      model Pairs {
        dim B = 2
        input letters: i32[B, 3]
        input before: i32[B, 4]
        input after: i32[B, 4]
        loss = cross_entropy(before |> Embedding(32, 4) |> Dense(32), after) + mean(letters |> Embedding(32, 4))
      }
      train Pairs {
        data pairs("data.tsv", spelling = chars(32), sound = chars(32)) {
          letters = spelling; before = start(sound); after = end(sound)
        }
        optimizer SGD
      }
      """;

  private static final String TAGGED =
      """
      model Tagged {
        dim B = 2
        input word: i32[B, 3]
        input mark: i32[B, 3]
        loss = cross_entropy(word |> Embedding(32, 4) |> Dense(32), mark, ignore = 0)
      }
      train Tagged {
        data tagged("data.tsv", word = words(32, lower = true), tag = words(32)) { word = word; mark = tag }
        optimizer SGD
      }
      """;

  private static final String COUNTS =
      """
      model Counts {
        dim B = 2
        input a: i32[B]
        input b: i32[B]
        input n: f32[B]
        E = Embedding(32, 4)
        loss = mean(n * sum(E(a) * E(b) over -1))
      }
      train Counts {
        data cooccurrences("text.txt", words(32), window = 2) { a = word; b = context; n = 2 * count }
        optimizer SGD
      }
      """;

  @TempDir Path directory;

  private TypedModel model(String text) {
    return Models.elaborate(Project.of(new Source("model.nn", text), Optional.empty()), Map.of());
  }

  private TrainingData read(String model, long seed) {
    return TrainingData.read(model(model), directory, Optional.empty(), seed);
  }

  private Dataset rows(String model) {
    return read(model, 1).data();
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private static float[] row(Dataset data, int column, int row) {
    Column values = data.columns().get(column);
    float[] copy = new float[values.perRow()];
    values.copy(row, copy.length, copy, 0);
    return copy;
  }

  // ------------------------------------------------------------ text

  @Test
  void howManySymbolsAVocabularyDoesNotHaveIsTold() throws IOException {
    file("text.txt", "aaaabbbccd"); // and a line feed: two of the six ids are left for a and b
    Dataset data = rows(TEXT.replace("chars(96)", "chars(6)"));
    assertThat(data.remarks())
        .containsExactly(
            "tokens: 6 characters",
            directory.resolve("text.txt")
                + ": 36.4 % of the symbols of 'tokens' are unknown (4 of 11)");
    assertThat(rows(TEXT).remarks()).containsExactly("tokens: 9 characters");
  }

  /** By frequency, then by code point: a 4, b 5, c 6, line feed 7, d 8. */
  @Test
  void windowsOfATextMoveOnByTheStride() throws IOException {
    file("text.txt", "aaaabbbccd"); // 4 4 4 4 5 5 5 6 6 8, and the line feed of its end: 7
    Dataset data = rows(TEXT);
    assertThat(data.rows()).isEqualTo(3);
    assertThat(row(data, 0, 1)).containsExactly(4, 5, 5, 5);
    assertThat(row(data, 1, 1)).containsExactly(5, 5, 5, 6);
    assertThat(row(data, 0, 2)).containsExactly(5, 6, 6, 8);
    assertThat(row(data, 1, 2)).containsExactly(6, 6, 8, 7);
    assertThat(row(data, 2, 2)).containsExactly(5, 5, 6);
  }

  @Test
  void theEndOfATextIsHeldOutAndSharesNoSymbolWithTheRest() throws IOException {
    file("text.txt", "aaaabbbccd");
    TrainingData data = read(TEXT, 1);
    assertThat(data.rows()).containsExactly(0); // places 0 to 4; row 1 has those from 3 to 7
    assertThat(data.heldOut().orElseThrow().rows()).containsExactly(2); // places 6 to 10
  }

  @Test
  void aTextThatIsTooShortIsToldSo() throws IOException {
    file("text.txt", "");
    assertThatThrownBy(() -> rows(TEXT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("text.txt: expected at least 5 symbols, found 0");
  }

  /** a has half of the words and stays with (sqrt(50) + 1) / 50; each other has a hundredth, and stays. */
  @Test
  void frequentWordsAreLeftOutByChance() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append("a w").append(i % 50).append(i % 20 == 19 ? '\n' : ' ');
    }
    file("text.txt", text.toString());
    String model =
        """
        model M { dim B = 2; input x: i32[B]; loss = mean(x |> Embedding(96, 4)) }
        train M { data text("text.txt", words(96), subsample = 0.01) { x = tokens(0) } optimizer SGD }
        """
            .replace(" } optimizer", " }; optimizer");
    int[] kept = ids(read(model, 1));
    assertThat(ids(read(model, 1))).isEqualTo(kept);
    assertThat(ids(read(model, 2))).isNotEqualTo(kept);
    long as = Arrays.stream(kept).filter(id -> id == Vocabulary.FIRST).count();
    assertThat(kept.length - as).isEqualTo(10_000);
    assertThat((double) as)
        .isCloseTo(10_000 * (Math.sqrt(50) + 1) / 50, within(150.0)); // 4 deviations
  }

  private static int[] ids(TrainingData data) {
    return IntStream.range(0, data.data().rows())
        .map(row -> (int) row(data.data(), 0, row)[0])
        .toArray();
  }

  // ------------------------------------------------------------ pairs

  @Test
  void pairsAreFramedAndPadded() throws IOException {
    file("data.tsv", "ab\tx\n\nabc\txyz\r\nabcd\txy\n");
    Dataset data = rows(PAIRS);
    assertThat(data.rows()).isEqualTo(2);
    assertThat(row(data, 0, 0)).containsExactly(4, 5, 0);
    assertThat(row(data, 1, 0)).containsExactly(1, 4, 0, 0);
    assertThat(row(data, 2, 0)).containsExactly(4, 2, 0, 0);
    assertThat(row(data, 0, 1)).containsExactly(4, 5, 6);
    assertThat(row(data, 1, 1)).containsExactly(1, 4, 5, 6);
    assertThat(row(data, 2, 1)).containsExactly(4, 5, 6, 2);
    assertThat(data.remarks()).anyMatch(remark -> remark.contains("1 of 3 rows"));
  }

  @Test
  void whatATestSetLeavesOutIsToldToo() throws IOException {
    file("data.tsv", "ab\tx\n");
    file("test.tsv", "ab\tx\naba\txxxx\nq\tx\n");
    String model = PAIRS.replace("  optimizer", "  eval pairs(\"test.tsv\")\n  optimizer");
    Dataset test = read(model, 1).heldOut().orElseThrow().data();
    assertThat(test.rows()).isEqualTo(2);
    assertThat(row(test, 0, 1)).containsExactly(Vocabulary.UNKNOWN, 0, 0);
    assertThat(test.remarks()).anyMatch(remark -> remark.contains("test.tsv: 1 of 3 rows"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          ab>x;ab          | data.tsv:2: expected two fields with a tab between them, found 1
          ab>x;ab>x>y      | data.tsv:2: expected two fields with a tab between them, found 3
          ab>x;ab>         | data.tsv:2: expected two fields with a tab between them, found an empty one
          ab>x;>           | data.tsv:2: expected two fields with a tab between them, found an empty one
          ab>x;caf\u00e9>x | data.tsv:2: byte 4 of the line: expected UTF-8
          ''               | data.tsv: expected lines of two fields with a tab between them, found none
          ;;               | data.tsv: expected lines of two fields with a tab between them, found none
          abcd>x           | data.tsv: expected rows that fit into the inputs, found none
          """)
  void aWrongFileOfPairsIsToldWithItsLine(String text, String message) throws IOException {
    Files.write(
        directory.resolve("data.tsv"),
        text.replace('>', '\t').replace(';', '\n').getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> rows(PAIRS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  // ------------------------------------------------------------ tagged words

  /** Words of one count are numbered by their spelling: dog 4, far 5, ran 6, stop 7, the 8. */
  @Test
  void taggedTextIsCutIntoPiecesThatFit() throws IOException {
    file("data.tsv", "The\tA\ndog\tn\nran\tv\nfar\tv\n\n\nstop\tv!\n");
    Dataset data = rows(TAGGED);
    assertThat(data.rows()).isEqualTo(3);
    assertThat(row(data, 0, 0)).containsExactly(8, 4, 6);
    assertThat(row(data, 1, 0)).containsExactly(5, 6, 4);
    assertThat(row(data, 0, 1)).containsExactly(5, 0, 0);
    assertThat(row(data, 1, 1)).containsExactly(4, 0, 0);
    assertThat(row(data, 0, 2)).containsExactly(7, 0, 0);
    assertThat(row(data, 1, 2)).containsExactly(7, 0, 0);
  }

  @Test
  void aWordThatTheVocabularyDoesNotHaveIsUnknown() throws IOException {
    file("data.tsv", "dog\tn\nfar\tv\nran\tv\n");
    Dataset data = rows(TAGGED.replace("words(32, lower", "words(6, lower"));
    assertThat(row(data, 0, 0)).containsExactly(4, 5, Vocabulary.UNKNOWN);
  }

  @Test
  void tagsMayBeSpelledInAnyWay() throws IOException {
    String[] tags = {"a b", "\\u{41}", "<", "\uD83D\uDE00", "\u00a0x", "#", "\"", "B-PER|x"};
    file("data.tsv", "w\t" + String.join("\nw\t", tags) + "\n");
    Vocabulary learned = Objects.requireNonNull(read(TAGGED, 1).vocabularies().get("tag"));
    Vocabulary again = Vocabulary.parse(learned.write());
    for (String tag : tags) {
      assertThat(learned.id(tag).orElseThrow()).isGreaterThanOrEqualTo(Vocabulary.FIRST);
      assertThat(again.id(tag)).isEqualTo(learned.id(tag));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'a\tn\nb\t', an empty one",
    "'a\tn\nb\t<pad>', '<pad>'",
    "'a\tn\n<PAD>\tn', '<PAD>'",
    "'a\tn\nb', found 1"
  })
  void aTagThatNoVocabularyCanHaveIsToldWithItsLine(String text, String found) throws IOException {
    file("data.tsv", text);
    assertThatThrownBy(() -> rows(TAGGED))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data.tsv:2: ")
        .hasMessageContaining(found);
  }

  // ------------------------------------------------------------ counts

  @Test
  void countsAreRowsOfTwoWords() throws IOException {
    file("text.txt", "b a\nb c"); // a: 5, b: 4, c: 6
    Dataset data = rows(COUNTS);
    float[][] rows = new float[data.rows()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = new float[] {row(data, 0, row)[0], row(data, 1, row)[0], row(data, 2, row)[0]};
    }
    assertThat(rows)
        .isEqualTo(
            new float[][] {
              {4, 4, 2}, {4, 5, 4}, {4, 6, 2}, {5, 4, 4}, {5, 6, 1}, {6, 4, 2}, {6, 5, 1}
            });
  }

  @Test
  void aTextWithoutWordsHasNoCounts() throws IOException {
    file("text.txt", "\n\n");
    assertThatThrownBy(() -> rows(COUNTS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("text.txt: expected words near each other, found none");
  }
}
