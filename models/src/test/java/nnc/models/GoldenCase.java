package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nnc.runtime.Safetensors;

/**
 * What PyTorch computed in double precision for a model of {@code golden/}: outputs, loss, gradients, and parameters after steps of
 * the optimizer. {@code src/test/resources/golden/README.md} says what the files hold.
 */
record GoldenCase(String name) {
  static final double ABSOLUTE = 5e-6;
  static final double RELATIVE = 5e-5;

  private static final Path MODELS = Path.of("golden");
  private static final Path CASES = Path.of("src/test/resources/golden");
  private static final Pattern STEP = Pattern.compile("step(\\d+)\\..*");

  static List<String> cases() throws IOException {
    return names(CASES, ".safetensors");
  }

  static List<String> models() throws IOException {
    return names(MODELS, ".nn");
  }

  Path model() {
    return MODELS.resolve(name + ".nn");
  }

  Path file() {
    return CASES.resolve(name + ".safetensors");
  }

  /** How often the optimizer is to step. */
  int steps() {
    int steps =
        results(Safetensors.read(file())).stream().mapToInt(GoldenCase::step).max().orElse(0);
    assertThat(steps).as("steps of the optimizer in the case").isPositive();
    return steps;
  }

  /** The elements for which not |found - expected| <= absolute + relative |expected|. */
  List<String> disagreements(Safetensors found, double absolute, double relative) {
    Safetensors expected = Safetensors.read(file());
    List<String> disagreements = new ArrayList<>();
    for (String tensor : results(expected)) {
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

  private static List<String> results(Safetensors expected) {
    return expected.names().stream()
        .filter(tensor -> !tensor.startsWith("input.") && !tensor.startsWith("param."))
        .toList();
  }

  private static int step(String tensor) {
    Matcher matcher = STEP.matcher(tensor);
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
