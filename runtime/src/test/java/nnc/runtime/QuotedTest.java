package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotedTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "enc.W, 'enc.W'",
        "größe, 'größe'",
        "\uD83D\uDE00, '\uD83D\uDE00'", // a pair of surrogates is a character
        "\uD83D, '\\ud83d'", // half a pair is none
        "x\u001B[2J, 'x\\u001b[2J'",
        "a\u202Eb, 'a\\u202eb'", // would print what follows from right to left
        "\"a\nb\", 'a\\u000ab'"
      })
  void aTextCannotWriteToTheTerminal(String text, String quoted) {
    assertThat(Quoted.text(text)).isEqualTo(quoted);
  }

  @Test
  void aLongTextIsCut() {
    assertThat(Quoted.text("x".repeat(60))).isEqualTo("'" + "x".repeat(60) + "'");
    assertThat(Quoted.text("x".repeat(61))).isEqualTo("'" + "x".repeat(60) + "…'");
  }

  @Test
  void aLongListIsCut() {
    assertThat(Quoted.list(List.of())).isEqualTo("nothing");
    assertThat(Quoted.list(List.of("a", "b"))).isEqualTo("'a', 'b'");
    assertThat(Quoted.list(Collections.nCopies(11, "a"))).endsWith("'a', 'a' and 3 more");
  }
}
