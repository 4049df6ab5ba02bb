package nnc.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import nnc.grammar.NnParser;
import org.junit.jupiter.api.Test;

class GrammarTest {
  /** Prediction over more tokens would be slow on hostile text, and its errors stand at the wrong token. */
  @Test
  void everyDecisionIsMadeOnOneToken() throws IOException {
    try (InputStream in = NnParser.class.getResourceAsStream("NnParser.class")) {
      String constants = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(constants).contains("expression").doesNotContain("adaptivePredict");
    }
  }
}
