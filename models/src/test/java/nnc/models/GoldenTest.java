package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The models of {@code golden/} give what PyTorch computed in double precision: outputs, loss, gradients, and parameters after
 * steps of the optimizer. {@code src/test/resources/golden/README.md} says what the files hold.
 */
class GoldenTest {
  private static final Path MODELS = Path.of("golden");
  private static final Path CASES = Path.of("src/test/resources/golden");
  private static final Pattern STEP = Pattern.compile("step(\\d+)\\..*");

  @TempDir private Path directory;

  static List<String> cases() throws IOException {
    return names(CASES, ".safetensors");
  }

  @Test
  void everyCaseHasItsModel() throws IOException {
    assertThat(names(MODELS, ".nn")).isEqualTo(cases()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void generatedCodeAgrees(String name) {
    assertThat(disagreements(name, 5e-6, 5e-5)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void interpreterAgrees(String name) {
    assertThat(disagreements(name, 1e-12, 1e-9, "--interpret")).isEmpty();
  }

  /** The elements for which not |found - expected| <= absolute + relative |expected|. */
  private List<String> disagreements(
      String name, double absolute, double relative, String... options) {
    Path file = CASES.resolve(name + ".safetensors");
    Path out = directory.resolve("out.safetensors");
    Safetensors expected = Safetensors.read(file);
    List<String> results = expected.names().stream().filter(GoldenTest::isResult).toList();
    int steps = results.stream().mapToInt(GoldenTest::step).max().orElse(0);
    assertThat(steps).as("steps of the optimizer in the case").isPositive();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                MODELS.resolve(name + ".nn").toString(),
                "--from",
                file.toString(),
                "--to",
                out.toString(),
                "--steps",
                String.valueOf(steps)));
    arguments.addAll(List.of(options));
    Nnc.done(arguments.toArray(String[]::new));

    Safetensors found = Safetensors.read(out);
    List<String> disagreements = new ArrayList<>();
    for (String tensor : results) {
      assertThat(found.tensor(tensor).shape())
          .as(tensor)
          .isEqualTo(expected.tensor(tensor).shape());
      double[] exact = expected.doubles(tensor);
      double[] computed = found.doubles(tensor);
      for (int i = 0; i < exact.length; i++) {
        if (!(Math.abs(computed[i] - exact[i]) <= absolute + relative * Math.abs(exact[i]))) {
          disagreements.add(
              "%s[%d] is %s, expected %s".formatted(tensor, i, computed[i], exact[i]));
        }
      }
    }
    return disagreements;
  }

  private static boolean isResult(String tensor) {
    return !tensor.startsWith("input.") && !tensor.startsWith("param.");
  }

  private static int step(String tensor) {
    var matcher = STEP.matcher(tensor);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static List<String> names(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .sorted()
          .toList();
    }
  }
}
