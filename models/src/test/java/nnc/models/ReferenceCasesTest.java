package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results, gradients and optimizer steps agree with values that PyTorch computed in double precision. */
class ReferenceCasesTest {
  private static final Path CASES = Path.of("src/test/resources/golden");
  private static final String STEPS = "5";

  @TempDir private Path directory;

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".safetensors"))
          .map(name -> name.replace(".safetensors", "")).sorted().toList();
    }
  }

  @Test
  void everyCaseHasAModel() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(19).allSatisfy(name -> assertThat(model(name)).exists());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void generatedCodeAgrees(String name) {
    assertThat(disagreements(name, run(name), 5e-6, 5e-5)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theInterpreterAgrees(String name) {
    assertThat(disagreements(name, run(name, "--interpret"), 1e-12, 1e-9)).isEmpty();
  }

  private static Path model(String name) {
    return Path.of("golden", name + ".nn");
  }

  private Safetensors run(String name, String... more) {
    Path results = directory.resolve(name + ".safetensors");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run", model(name).toString(), "--from", CASES.resolve(name + ".safetensors").toString(),
                "--to", results.toString(), "--steps", STEPS));
    arguments.addAll(List.of(more));
    Commands.run(arguments.toArray(String[]::new));
    return Safetensors.read(results);
  }

  private static List<String> disagreements(String name, Safetensors found, double absolute, double relative) {
    Safetensors expected = Safetensors.read(CASES.resolve(name + ".safetensors"));
    List<String> disagreements = new ArrayList<>();
    for (String tensor : expected.names()) {
      if (tensor.startsWith("input.") || tensor.startsWith("param.")) {
        continue;
      }
      if (!found.has(tensor)) {
        disagreements.add(tensor + " is missing");
        continue;
      }
      double[] a = found.doubles(tensor);
      double[] b = expected.doubles(tensor);
      assertThat(a).as(tensor).hasSameSizeAs(b);
      for (int i = 0; i < a.length; i++) {
        if (!(Math.abs(a[i] - b[i]) <= absolute + relative * Math.abs(b[i]))) {
          disagreements.add("%s[%d]: %s, expected %s".formatted(tensor, i, a[i], b[i]));
        }
      }
    }
    return disagreements;
  }
}
