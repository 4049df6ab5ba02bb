package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code nnc nearest} and {@code nnc analogy}, on words of which the first half stands before the second half. */
final class NearestCommandTest {
  private static final String MODEL =
      """
      model Words {
        dim B = 4
        input word, next: i32[B]
        param E: [11, 3] ~ normal(0, 0.1)
        param S: [SIZE, 3] ~ normal(0, 0.1)
        loss = cross_entropy(E[word] @ S.T, next)
      }
      train Words {
        data text("words.txt", words(11, lower = true), stride = 1) { word = tokens(0); next = tokens(1) }
        optimizer Adam(lr = 5e-2)
        epochs 12
      }
      """;

  @TempDir static Path directory;

  private static Workspace workspace;

  @BeforeAll
  static void train() {
    workspace = new Workspace(directory);
    workspace.write(
        "words.txt", "Red car, red bus, blue car, blue bus, red van, blue van. ".repeat(9));
    train("words", "16");
    workspace.nnc("train", "@tiny.nn", "--epochs", "1", "--out", "@numbers");
  }

  private static void train(String name, String size) {
    workspace.write(name + ".nn", MODEL.replace("SIZE", size));
    Workspace.Result trained = workspace.nnc("train", "@" + name + ".nn", "--out", "@" + name);
    assertThat(trained.err()).isEmpty();
  }

  @Test
  void wordsThatStandInTheSamePlacesAreNeighbours() {
    Workspace.Result result = workspace.nnc("nearest", "@words", "Red", "car", "-n", "2");
    assertThat(result.err()).isEmpty();
    assertThat(result.lines()).hasSize(6);
    assertThat(result.lines()[0]).isEqualTo("red");
    assertThat(result.lines()[1]).matches("   (0\\.9\\d{3}|1\\.0000)  blue");
    assertThat(result.lines()[3]).isEqualTo("car");
    assertThat(result.lines()[4]).matches("   [01]\\.\\d{4}  (bus|van)");
  }

  @Test
  void expectedNeighboursAreCounted() {
    workspace.write("pairs.tsv", "red\tblue zebra\nzebra\tred\n");
    assertThat(workspace.nnc("nearest", "@words", "--pairs", "@pairs.tsv", "-n", "3").lines())
        .containsExactly(
            "red               1 of 2 within the first 3   blue",
            "zebra             0 of 1 within the first 3",
            "all               1 of 3 within the first 3   0.3333");
  }

  @Test
  void anAnalogyHasAnswersWithTheirCosines() {
    Workspace.Result result = workspace.nnc("analogy", "@words", "car", "bus", "red", "-n", "1");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).matches("[- ][01]\\.\\d{4}  \\S+\n");
  }

  @Test
  void questionsAreScored() {
    workspace.write("questions.txt", ": places\ncar bus red blue\ncar bus red zebra\n");
    Workspace.Result result = workspace.nnc("analogy", "@words", "--questions", "@questions.txt");
    assertThat(result.lines()).hasSize(2);
    assertThat(result.lines()[0])
        .matches("places {24}1 of 2 questions   top 1 [01]\\.0000   top 5 1\\.0000");
    assertThat(result.lines()[1]).startsWith("all    ").contains("1 of 2 questions");
  }

  @Test
  void ofSeveralTablesTheOneThatWordsLookUpIsTaken() {
    train("two", "11");
    Workspace.Result result = workspace.nnc("nearest", "@two", "red");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(workspace.nnc("nearest", "@two", "red", "--table", "E").out())
        .isNotEqualTo(workspace.nnc("nearest", "@two", "red", "--table", "S").out());
  }

  /** Both vocabularies have nine ids; only the tables' inputs tell whose rows are whose. */
  @Test
  void aTableIsReadByTheWordsThatItIsLookedUpBy() {
    workspace.write("pairs.tsv", "a b\tv w\nc d\tx y\ne\tz\n");
    workspace.write(
        "pairs.nn",
        """
        model Pairs {
          dim B = 2
          input left, right: i32[B, 3]
          loss = cross_entropy(left |> Embedding(9, 4) |> Dense(9), right, ignore = 0) + mean(right |> Embedding(9, 4))
        }
        train Pairs {
          data pairs("pairs.tsv", from = words(9), to = words(9)) { left = from; right = to }
          optimizer SGD
          epochs 1
        }
        """);
    assertThat(workspace.nnc("train", "@pairs.nn", "--out", "@pairs").err()).isEmpty();
    assertThat(workspace.nnc("nearest", "@pairs", "z").err())
        .contains("error[table]: words of several fields have vectors: ")
        .contains("'embedding1.E' (words of 'from')", "'embedding2.E' (words of 'to')")
        .contains("help: name the field whose words are meant by --field");
    assertThat(workspace.nnc("nearest", "@pairs", "z", "--field", "to").err()).isEmpty();
    assertThat(workspace.nnc("nearest", "@pairs", "z", "--table", "embedding2.E").err()).isEmpty();
    assertThat(
            workspace
                .nnc("nearest", "@pairs", "z", "--table", "embedding2.E", "--field", "from")
                .err())
        .contains("the rows of 'embedding2.E' are not vectors of words of 'from'")
        .doesNotContain("dense1.W");
  }

  /** More rows than words are no wonder: a text may have fewer words than there is room for. */
  @Test
  void aTableThatIsNamedMayHaveMoreRows() {
    assertThat(workspace.nnc("nearest", "@words", "red", "--table", "S").err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nearest @words rad            | error[word]: the vocabulary does not have 'rad'      | did you mean 'red'?",
        "nearest @words red --table e  | error[table]: 'Words' has no table 'e'               | did you mean 'E'?",
        "nearest @words red --field token | error[table]: the data has no field 'token'      | did you mean 'tokens'?",
        "predict @words @words.txt    | error[output]: 'Words' has no outputs                 | nnc nearest",
        "analogy @words red blue rad   | error[word]: the vocabulary does not have 'rad'      | did you mean 'red'?",
        "nearest @numbers red          | error[table]: the checkpoint has no vocabulary: 'Tiny' was trained on numbers | train a model on words",
      })
  void whatIsNotThereIsTold(String command, String problem, String help) {
    Workspace.Result result = workspace.nnc(command.split(" +"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(problem).contains(help);
    assertThat(result.out()).isEmpty();
  }
}
