package nnc.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class KnownTest {
  @Test
  void whatIsMissingIsADefectThatNamesIt() {
    Map<String, Integer> offsets = Map.of("W", 0);
    assertThat(Known.in(offsets, "W")).isZero();
    assertThatThrownBy(() -> Known.in(offsets, "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nothing is known of b");
  }
}
