package nnc.compiler.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.plan.Buffer;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;
import org.junit.jupiter.api.Test;

class MemoryUseTest {
  private static final Compilation COMPILATION =
      Compiler.compile(
          Project.of(
              new Source(
                  "m.nn",
                  """
                  model M {
                    dim B = 16
                    input x: f32[B, 64]
                    input y: i32[B]
                    hidden = x |> Dense(128, relu)
                    logits = hidden |> Dense(64, relu) |> Dense(10)
                    output guess = argmax(logits)
                    loss = mean(cross_entropy(logits, y))
                  }
                  train M { optimizer SGD }
                  """),
              Optional.empty()),
          Compiler.Options.DEFAULT);
  private static final MemoryUse USE = MemoryUse.of(COMPILATION.plan(), COMPILATION.model());

  private static MemoryUse.Entry entry(String name) {
    return USE.entries().stream()
        .filter(entry -> entry.buffer().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void buffersStandWhereTheAuthorHasWrittenThem() {
    assertThat(entry("x").place().map(Span::place)).hasValue("m.nn:3");
    assertThat(entry("hidden").place().map(Span::place)).hasValue("m.nn:5");
    assertThat(entry("logits").place().map(Span::place)).hasValue("m.nn:6");
  }

  @Test
  void whatSharesAPlaceIsNeededAtOtherTimes() {
    assertThat(USE.entries()).anySatisfy(entry -> assertThat(entry.shares()).isNotEmpty());
    for (MemoryUse.Entry entry : USE.entries()) {
      for (Buffer other : entry.shares()) {
        assertThat(
                other.firstUse() > entry.buffer().lastUse()
                    || entry.buffer().firstUse() > other.lastUse())
            .as("%s and %s", entry.buffer(), other)
            .isTrue();
      }
    }
  }

  @Test
  void thePeakIsAtMostTheArenaAndAtLeastItsLargestKernel() {
    List<MemoryUse.Peak> peaks = USE.peaks();
    assertThat(peaks).extracting(MemoryUse.Peak::what).containsExactly("inference", "training");
    assertThat(peaks.getFirst().floats())
        .isBetween(16L * (64 + 128), (long) COMPILATION.plan().inferenceMemory());
    assertThat(peaks.getLast().floats())
        .isGreaterThan(peaks.getFirst().floats())
        .isLessThanOrEqualTo(COMPILATION.plan().trainingMemory());
  }

  @Test
  void theTextNamesTheKernelAtThePeak() {
    MemoryUse.Peak training = USE.peaks().getLast();
    String kernel = COMPILATION.plan().kernels().get(training.kernel()).head().name();
    assertThat(MemoryPrinter.print(COMPILATION.plan(), COMPILATION.model()))
        .containsPattern("peak, training +[\\d,]+ floats +[\\d,.]+ KB at kernel \\d+ " + kernel);
  }
}
