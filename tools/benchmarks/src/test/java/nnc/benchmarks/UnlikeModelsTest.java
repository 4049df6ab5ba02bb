package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UnlikeModelsTest {
  private static final Peer.Hello OWN = hello("nnc", 956_512, 0);

  @Test
  void secondBiasesDoNotCount() {
    assertThatCode(() -> UnlikeModels.check(Task.W3, OWN, hello("pytorch", 958_560, 2_048)))
        .doesNotThrowAnyException();
  }

  @Test
  void anotherNumberOfParametersIsRefused() {
    assertThatThrownBy(() -> UnlikeModels.check(Task.W3, OWN, hello("pytorch", 958_560, 0)))
        .isInstanceOf(UnlikeModels.class)
        .hasMessageContainingAll("W3", "956,512", "958,560");
  }

  private static Peer.Hello hello(String peer, long parameters, long secondBiases) {
    return new Peer.Hello(peer, "", parameters, secondBiases, 1, 0, 0, 0);
  }
}
