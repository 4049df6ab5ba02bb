package nnc.cli.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nnc.cli.vectors.WordVectors.Neighbour;
import nnc.compiler.source.CompileException;
import nnc.runtime.text.Vocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordVectorsTest {
  /** Directions are royal, male, female; lengths differ, and those of the special ids are nearest to everything. */
  private static final float[] TABLE = {
    9, 9, 9, // <pad>
    9, 9, 9, // <start>
    9, 9, 9, // <end>
    9, 9, 9, // <unknown>
    1, 1, 0, // king
    0, 5, 0, // man
    2, 0, 2, // queen
    0, 0, 1, // woman
    0, 0, 0, // nothing
    0, 0, 3, // girl
    0, 0, 0, // behind the vocabulary
  };

  static final WordVectors VECTORS =
      new WordVectors(
          Vocabulary.parse(
              "nnc-vocabulary 1 words-lower 10\nking\nman\nqueen\nwoman\nnothing\ngirl\n"),
          TABLE,
          3);

  private static List<String> words(List<Neighbour> neighbours) {
    return neighbours.stream().map(Neighbour::word).toList();
  }

  @Test
  void theNearestWordsComeFirstWithTheirCosines() {
    List<Neighbour> nearest = VECTORS.nearest("king", 4);
    assertThat(words(nearest)).containsExactly("man", "queen", "woman", "nothing");
    assertThat(nearest.get(0).cosine()).isCloseTo((float) Math.sqrt(0.5), within(1e-6f));
    assertThat(nearest.get(1).cosine()).isCloseTo(0.5f, within(1e-6f));
    assertThat(nearest.get(2).cosine()).isZero();
  }

  @Test
  void aLengthIsNothingToIt() {
    assertThat(VECTORS.nearest("woman", 1))
        .containsExactly(new Neighbour("girl", 1)); // three times as long
  }

  @Test
  void thereAreNoMoreNeighboursThanWords() {
    assertThat(words(VECTORS.nearest("king", 100)))
        .containsExactly("man", "queen", "woman", "nothing", "girl");
  }

  @Test
  void anAnalogyLeavesItsThreeWordsOut() {
    assertThat(words(VECTORS.analogy("man", "king", "woman", 2))).containsExactly("queen", "girl");
    assertThat(words(VECTORS.analogy("man", "man", "woman", 1))).containsExactly("girl");
  }

  @ParameterizedTest
  @CsvSource({
    "king, true",
    "King, true",
    "kings, false",
    "king man, false",
    "<end>, false",
    "'', false"
  })
  void aWordIsReadAsTheVocabularyReadsTexts(String word, boolean known) {
    assertThat(VECTORS.knows(word)).isEqualTo(known);
  }

  @Test
  void anUnknownWordIsToldWithTheNearestSpelling() {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> VECTORS.analogy("man", "kinng", "woman", 1))
        .withMessage("the vocabulary does not have 'kinng'")
        .satisfies(wrong -> assertThat(helps(wrong)).containsExactly("did you mean 'king'?"));
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> VECTORS.nearest("zebra", 1))
        .satisfies(wrong ->
            assertThat(helps(wrong))
                .containsExactly("it has 'king', 'man', 'queen', 'woman', 'nothing', 'girl'"));
  }

  private static List<String> helps(CompileException wrong) {
    return wrong.diagnostics().getFirst().helps();
  }

  /** Against the definition, on random numbers. */
  @Test
  void cosinesAreThoseOfTheDefinition() {
    Random random = new Random(1);
    float[] table = new float[60 * 17];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) random.nextGaussian();
    }
    String text =
        IntStream.range(0, 56).mapToObj(i -> "w" + (10 + i)).collect(Collectors.joining(" "));
    Vocabulary vocabulary = Vocabulary.words(List.of(text), 60, false);
    List<Neighbour> nearest = new WordVectors(vocabulary, table, 17).nearest("w30", 60);
    assertThat(nearest).hasSize(55);
    assertThat(nearest).isSortedAccordingTo(Comparator.comparingDouble(each -> -each.cosine()));
    for (Neighbour each : nearest) {
      int one = vocabulary.id("w30").orElseThrow();
      int other = vocabulary.id(each.word()).orElseThrow();
      double expected =
          dot(table, one, other) / Math.sqrt(dot(table, one, one) * dot(table, other, other));
      assertThat(each.cosine()).isCloseTo((float) expected, within(1e-6f));
    }
  }

  private static double dot(float[] table, int one, int other) {
    double dot = 0;
    for (int k = 0; k < 17; k++) {
      dot += (double) table[one * 17 + k] * table[other * 17 + k];
    }
    return dot;
  }
}
