package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MemoryExceptionTest {
  /** With the room behind its last element an array of that length is longer than any that Java makes. */
  private static final int TOO_MANY = Integer.MAX_VALUE - 32;

  @Test
  void aModelWithoutRoomSaysWhatItNeedsWhatThereIsAndTheRemedy() {
    Signature signature =
        new Signature(
            "Wide",
            "",
            1,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            Signature.Accumulation.NONE,
            TOO_MANY,
            1 << 28,
            5,
            1 << 18,
            0);
    assertThatThrownBy(() -> model(signature))
        .isInstanceOf(MemoryException.class)
        .hasCauseInstanceOf(OutOfMemoryError.class)
        .hasMessage(
            """
            the model Wide needs more memory than Java may use
              = parameters 8.0 GB, optimizer 1.0 GB, activations and gradients 1 MB, 9.0 GB in all; Java may use %s
              = help: make the batch smaller, or give Java more: -Xmx14g\
            """
                .formatted(MemoryNeed.size(Runtime.getRuntime().maxMemory())));
  }

  private static CompiledModel model(Signature signature) {
    return new CompiledModel(signature) {
      @Override
      public Session session() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Session session(Team team) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Session inferenceSession(Team team) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"0, 0 MB", "1, 1 MB", "1048577, 2 MB", "1073741824, 1.0 GB", "9663676416, 9.0 GB"})
  void sizesAreRoundedForPeople(long bytes, String text) {
    assertThat(MemoryNeed.size(bytes)).isEqualTo(text);
  }
}
