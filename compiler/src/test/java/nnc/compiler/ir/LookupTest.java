package nnc.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class LookupTest {
  @Test
  void whatIsMissingIsADefectThatNamesIt() {
    Map<String, Integer> offsets = Map.of("W", 0);
    assertThat(Lookup.in(offsets, "W")).isZero();
    assertThatThrownBy(() -> Lookup.in(offsets, "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nothing is known of b");
  }
}
