package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The models of {@code golden/} give what PyTorch computed. */
class GoldenTest {
  @TempDir private Path directory;

  static List<String> cases() throws IOException {
    return GoldenCase.cases();
  }

  @Test
  void everyCaseHasItsModel() throws IOException {
    assertThat(GoldenCase.models()).isEqualTo(cases()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void generatedCodeAgrees(String name) {
    GoldenCase golden = new GoldenCase(name);
    assertThat(
            golden.disagreements(run(golden, List.of()), GoldenCase.ABSOLUTE, GoldenCase.RELATIVE))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void interpreterAgrees(String name) {
    GoldenCase golden = new GoldenCase(name);
    assertThat(golden.disagreements(run(golden, List.of("--interpret")), 1e-12, 1e-9)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void generatedCodeAgreesWithoutAnyOptimization(String name) {
    GoldenCase golden = new GoldenCase(name);
    assertThat(
            golden.disagreements(
                run(golden, List.of("--without", "all")), GoldenCase.ABSOLUTE, GoldenCase.RELATIVE))
        .isEmpty();
  }

  private Safetensors run(GoldenCase golden, List<String> options) {
    Path out = directory.resolve("out.safetensors");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                golden.model().toString(),
                "--from",
                golden.file().toString(),
                "--to",
                out.toString(),
                "--steps",
                String.valueOf(golden.steps())));
    arguments.addAll(options);
    Nnc.done(arguments.toArray(String[]::new));
    return Safetensors.read(out);
  }
}
