package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelsCommandTest {
  /** One of each sort, the smaller ones. */
  @ParameterizedTest
  @EnumSource(names = {"PRODUCT_W3", "ARITHMETIC_IN_CACHE", "SOFTMAX", "GRADIENT_NORM"})
  void aKernelRunsAloneAndHasAYardstick(Kernel kernel) {
    try (Team team = Team.of(2)) {
      Kernel.Ready ready = kernel.make(team);
      ready.run().run();
      assertThat(ready.work()).isPositive();
      assertThat(ready.rate().during(0.001)).isPositive();
    }
  }

  /** Not a test of speed: that JMH finds its benchmark, starts a JVM that can run it, and tells what it has counted. */
  @Test
  void jmhMeasuresAKernel() {
    StringWriter said = new StringWriter();
    int code =
        Bench.commandLine()
            .setOut(new PrintWriter(said))
            .execute("kernels", "product-w3", "--iterations=1", "--seconds=0.01");
    assertThat(code).isZero();
    assertThat(said.toString())
        .containsPattern("product-w3 +1 thread +[\\d.]+ ms +[\\d.]+ GFLOP/s .* of the peak");
  }
}
