package nnc.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VocabularyTest {
  private static final String TEXT =
      "Don’t! it's a 𝒳-ray\tof\\n \u00ADlöss\u200B,\r\n\u0085\u2028 it's, cafe\u0301 \uFFFD a a";

  private static Vocabulary characters(String... texts) {
    return Vocabulary.characters(List.of(texts), 1000);
  }

  private static Vocabulary words(String... texts) {
    return Vocabulary.words(List.of(texts), 1000, true);
  }

  private static List<String> tokens(Vocabulary vocabulary) {
    return IntStream.range(0, vocabulary.size()).mapToObj(vocabulary::token).toList();
  }

  static List<Vocabulary> vocabularies() {
    return List.of(characters(TEXT), words(TEXT), Vocabulary.words(List.of(TEXT), 1000, false));
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void theFirstFourIdsAreTheSameInAll(Vocabulary vocabulary) {
    assertThat(tokens(vocabulary)).startsWith("<pad>", "<start>", "<end>", "<unknown>");
    assertThat(vocabulary.id("<end>")).hasValue(Vocabulary.END);
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void everyTokenHasItsId(Vocabulary vocabulary) {
    for (int id = 0; id < vocabulary.size(); id++) {
      assertThat(vocabulary.id(vocabulary.token(id))).hasValue(id);
    }
    assertThat(vocabulary.id("not there")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void whatIsWrittenReadsTheSame(Vocabulary vocabulary) {
    String written = vocabulary.write();
    Vocabulary read = Vocabulary.parse(written);
    assertThat(read.write()).isEqualTo(written);
    assertThat(read.kind()).isEqualTo(vocabulary.kind());
    assertThat(tokens(read)).isEqualTo(tokens(vocabulary));
    assertThat(read.encode(TEXT)).isEqualTo(vocabulary.encode(TEXT));
    assertThat(Vocabulary.parse(written.replace("\n", "\r\n")).write()).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void aLoneSurrogateIsTheReplacementCharacter(Vocabulary vocabulary) {
    assertThat(vocabulary.encode("a\uD835 b\uDCB3"))
        .isEqualTo(vocabulary.encode("a\uFFFD b\uFFFD"));
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void specialIdsButTheUnknownOneAreNoText(Vocabulary vocabulary) {
    int[] text = vocabulary.encode("a");
    int[] framed = IntStream.of(Vocabulary.START, text[0], Vocabulary.END, 0, 0).toArray();
    assertThat(vocabulary.decode(framed)).isEqualTo("a");
    assertThat(vocabulary.decode(Vocabulary.UNKNOWN)).isEqualTo("<unknown>");
    assertThat(vocabulary.decode()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void anIdThatIsNoneIsNamed(Vocabulary vocabulary) {
    int size = vocabulary.size();
    for (int id : new int[] {-1, size}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> vocabulary.decode(4, id))
          .withMessage(
              "expected ids from 0 to %d, for a vocabulary of %d, found %d", size - 1, size, id);
    }
  }

  @Test
  void charactersAreCodePointsTheMostFrequentFirst() {
    assertThat(tokens(characters("b𝒳c", "bb𝒳a"))).endsWith("b", "𝒳", "a", "c");
    assertThat(tokens(characters("\uFFFD𝒳"))).endsWith("\uFFFD", "𝒳"); // not as UTF-16 has them
    assertThat(characters(TEXT).decode(characters(TEXT).encode(TEXT))).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Don't look, don’t!        | don't look , don’t !",
        "o'clock 'tis rock'n'roll' | o'clock ' tis rock'n'roll '",
        "a''b                      | a ' ' b",
        "x_y=3.14 m²               | x _ y = 3 . 14 m²",
        "ÉTÉ cafe\u0301 हिन्दी 漢字     | été cafe\u0301 हिन्दी 漢字",
        "one--two…\u00a0😀👍         | one - - two … 😀 👍",
        "a\u200Bb\u0007c           | a b c",
      })
  void wordsAreRunsOfLettersAndAllElseStandsAlone(String text, String expected) {
    Vocabulary vocabulary = words(text);
    assertThat(vocabulary.decode(vocabulary.encode(text))).isEqualTo(expected);
  }

  @Test
  void wordsKeepTheirCaseWhereTheyAreAskedTo() {
    Vocabulary asWritten = Vocabulary.words(List.of("The the"), 10, false);
    assertThat(asWritten.encode("the The THE")).containsExactly(5, 4, Vocabulary.UNKNOWN);
    assertThat(words("The the").encode("the The THE")).containsExactly(4, 4, 4);
  }

  @Test
  void whatIsRareIsUnknown() {
    Vocabulary few = Vocabulary.words(List.of("b a c", "c a d"), 6, false);
    assertThat(tokens(few)).endsWith("<unknown>", "a", "c");
    assertThat(few.encode("a b")).containsExactly(4, Vocabulary.UNKNOWN);
    assertThat(Vocabulary.characters(List.of("aab"), 5).encode("ab𝒳"))
        .containsExactly(4, Vocabulary.UNKNOWN, Vocabulary.UNKNOWN);
  }

  @Test
  void noRoomForSymbolsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.words(List.of("a"), 4, true))
        .withMessage("expected room for more than the 4 special ids, found at most 4");
  }

  @Test
  void aVocabularyIsATextToLookAt() {
    assertThat(characters("a a\n\\").write())
        .isEqualTo("nnc-vocabulary 1 chars 8\na\n\\u{a}\n\\u{20}\n\\u{5c}\n");
    assertThat(words("The man’s").write())
        .isEqualTo("nnc-vocabulary 1 words-lower 6\nman’s\nthe\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | line 1: expected nnc-vocabulary 1 FORM SIZE, found ''",
        "nnc-vocabulary 2 chars 5;a  | line 1: expected nnc-vocabulary 1 FORM SIZE, found 'nnc-vocabulary 2 chars 5'",
        "nnc-vocabulary 1 tones 5;a  | line 1: expected one of the forms chars, words, words-lower, bpe, found 'tones'",
        "nnc-vocabulary 1 chars 6;a  | line 2: expected lines for 6 ids, found lines for 5",
        "nnc-vocabulary 1 chars 6;a;bc       | line 3: expected one character, found 'bc'",
        "nnc-vocabulary 1 words 6;the;       | line 2: expected lines for 6 ids",
        "nnc-vocabulary 1 words 7;the;;a     | line 3: expected a word, found ''",
        "nnc-vocabulary 1 words 6;the;the    | line 3: expected a token that has not stood before, found 'the'",
        "nnc-vocabulary 1 words 5;<pad>      | line 2: expected a token that has not stood before, found '<pad>'",
        "nnc-vocabulary 1 chars 5;\\          | line 2: expected \\u{HEX} after each backslash, found '\\'",
        "nnc-vocabulary 1 chars 5;\\u{110000} | line 2: expected \\u{HEX} after each backslash",
      })
  void aDamagedVocabularyIsRefusedWithItsLine(String written, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.parse(written.replace(';', '\n')))
        .withMessageStartingWith("damaged vocabulary, " + message);
  }

  /** Where a pattern calls itself, or tries again from every place, one of these overflows the stack or takes hours. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a'", "' ", " ", "!", "𝒳", "\u0301", "\uD800"})
  void aLongRunOfAnythingIsRead(String part) {
    String text = part.repeat(200_000);
    for (Vocabulary vocabulary :
        List.of(characters(text), words(text), Vocabulary.bpe(List.of(text), 300))) {
      String read = vocabulary.decode(vocabulary.encode(text));
      assertThat(read.replace(" ", ""))
          .isEqualTo(text.replace(" ", "").replace('\uD800', '\uFFFD'));
    }
  }
}
