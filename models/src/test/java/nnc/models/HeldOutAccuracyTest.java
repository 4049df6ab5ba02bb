package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/** What the models reach with the settings they are shipped with. */
class HeldOutAccuracyTest {
  @TempDir private Path directory;

  @Test
  void digitsReach965PerMilleOnTheMeanOfFiveSeeds() {
    double mean = IntStream.rangeClosed(1, 5).mapToDouble(seed -> heldOutAccuracy("digits.nn", seed)).average().orElseThrow();
    assertThat(mean).isGreaterThanOrEqualTo(0.965);
  }

  @Test
  void fashionMlpReaches85PercentOnTheTestImages() {
    assertThat(heldOutAccuracy("fashion-mlp.nn", 1)).isGreaterThanOrEqualTo(0.85);
  }

  @Test
  void irisesAreToldApart() {
    assertThat(heldOutAccuracy("logistic.nn", 1)).isGreaterThanOrEqualTo(0.9);
  }

  private double heldOutAccuracy(String model, int seed) {
    Path metrics = directory.resolve(model + seed + ".jsonl");
    Commands.run("train", model, "--seed", String.valueOf(seed), "--metrics", metrics.toString());
    try {
      List<String> lines = Files.readAllLines(metrics);
      return new ObjectMapper().readTree(lines.getLast()).get("held_out").get("accuracy").asDouble();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
