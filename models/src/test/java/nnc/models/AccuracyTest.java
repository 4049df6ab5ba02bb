package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every model, trained as its file says, is as good as it should be on rows that it has not seen. */
class AccuracyTest {
  @TempDir private Path directory;

  @Test
  void digitsReach965PerMilleOverFiveSeeds() {
    double mean =
        LongStream.rangeClosed(1, 5)
            .mapToDouble(seed -> {
              train("digits.nn", "--seed", String.valueOf(seed));
              return heldOutAccuracy();
            })
            .average()
            .orElseThrow();
    assertThat(mean).isGreaterThanOrEqualTo(0.965);
  }

  @Test
  void fashionReaches85PerCentOnItsTestImages() {
    assertThat(train("fashion-mlp.nn").getFirst())
        .contains("12,000 rows to train on, 2,000 held out");
    assertThat(heldOutAccuracy()).isGreaterThanOrEqualTo(0.85);
  }

  @Test
  void logisticRegressionTellsIrises() {
    train("logistic.nn");
    assertThat(heldOutAccuracy()).isGreaterThanOrEqualTo(0.9);
    assertThat(lastEpoch().path("train").path("accuracy").doubleValue())
        .isGreaterThanOrEqualTo(0.97);
  }

  @Test
  void aNeuronTellsSetosas() {
    train("neuron.nn");
    assertThat(heldOutAccuracy()).isEqualTo(1);
  }

  private List<String> train(String model, String... options) {
    return Nnc.done(
        Stream.concat(
                Stream.of("train", model, "--metrics", metrics().toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private double heldOutAccuracy() {
    return lastEpoch().path("held_out").path("accuracy").doubleValue();
  }

  private JsonNode lastEpoch() {
    return Metrics.epochs(metrics()).getLast();
  }

  private Path metrics() {
    return directory.resolve("metrics.jsonl");
  }
}
