package nnc.compiler.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SourceTest {
  private final Source source = new Source("models/a.nn", "ab\r\n\ncd");

  @Test
  void linesAndColumnsCountFromOne() {
    assertThat(new Span(source, 0, 1)).hasToString("models/a.nn:1:1");
    assertThat(new Span(source, 4, 4)).hasToString("models/a.nn:2:1");
    assertThat(new Span(source, 6, 7)).hasToString("models/a.nn:3:2");
    assertThat(new Span(source, 6, 7).place()).isEqualTo("a.nn:3");
  }

  @Test
  void aLineHasNoLineEnd() {
    assertThat(source.lineText(1)).isEqualTo("ab");
    assertThat(source.lineText(2)).isEmpty();
    assertThat(source.lineText(3)).isEqualTo("cd");
    assertThat(source.lineStart(3)).isEqualTo(5);
    assertThat(source.lineEnd(1)).isEqualTo(2);
  }

  @Test
  void aSpanLiesInsideItsSource() {
    assertThatThrownBy(() -> new Span(source, 6, 8)).hasMessageContaining("models/a.nn");
    assertThatThrownBy(() -> new Span(source, 3, 2)).hasMessageContaining("3..2");
  }

  @Test
  void spansAreOrderedAndJoined() {
    Span first = new Span(source, 0, 2);
    Span second = new Span(source, 5, 7);
    assertThat(first).isLessThan(second);
    assertThat(second.to(first)).isEqualTo(new Span(source, 0, 7));
  }
}
