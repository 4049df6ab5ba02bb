package nnc.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsLogTest {
  private static final String FIRST = "{\"epoch\":1,\"step\":8}\n";

  @TempDir Path directory;

  private static EpochReport report(int epoch, double loss) {
    return new EpochReport(epoch, 8L * epoch, 0.5, 100, Map.of("loss", loss), Optional.empty());
  }

  @Test
  void aRunThatGoesOnForgetsTheEpochsThatWereNotSaved() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("m.jsonl"), FIRST + "{\"epoch\":2,\"step\":16}\n{\"epoch\":3,\"st");
    try (MetricsLog log = new MetricsLog(file, 1)) {
      log.add(report(2, 0.25));
    }
    assertThat(Files.readString(file))
        .startsWith(FIRST)
        .hasLineCount(2)
        .endsWith("\"train\":{\"loss\":0.25}}\n");
  }

  @Test
  void aNewRunBeginsAnewWithItsFirstLine() throws Exception {
    Path file = Files.writeString(directory.resolve("m.jsonl"), FIRST);
    try (MetricsLog log = new MetricsLog(file, 0)) {
      assertThat(Files.readString(file)).isEqualTo(FIRST);
      log.add(report(1, 0.5));
    }
    assertThat(Files.readString(file)).hasLineCount(1).contains("\"loss\":0.5");
  }

  @Test
  void whatIsNotFiniteIsNull() {
    assertThat(report(1, Double.NaN).json()).contains("\"loss\":null");
  }
}
