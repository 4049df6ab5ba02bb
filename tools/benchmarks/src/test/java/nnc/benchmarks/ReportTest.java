package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir private Path directory;

  @Test
  void newerResultsReplaceOlderOnesOfTheSameThing() throws IOException {
    Report report = new Report(directory);
    report.add(
        List.of(result("W1", "pytorch 2.12.0 eager", 1.5), result("W1", "jax 0.10.2 jit", 2)));
    report.add(List.of(result("W1", "pytorch 2.13.0 eager", 1.25)));
    assertThat(Files.readAllLines(directory.resolve("benchmarks.jsonl")))
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("jax 0.10.2 jit"))
        .anySatisfy(line ->
            assertThat(line)
                .contains("\"peer\":\"pytorch 2.13.0 eager\"")
                .contains("\"ratio\":1.25", "\"ratio_p10\":", "\"first_step_s\":"));
    assertThat(directory.resolve("benchmarks.md")).content().contains("**1.25** (1.15-1.35)");
    assertThat(directory.resolve("benchmarks.png")).isNotEmptyFile();
  }

  @Test
  void whatWasMeasuredAloneGivesWayToAComparison() throws IOException {
    Report report = new Report(directory);
    Result alone =
        new Result(
            "W1",
            1,
            null,
            2,
            null,
            null,
            null,
            null,
            100,
            null,
            1.5,
            null,
            10,
            "2026-01-01",
            "m",
            null);
    report.add(List.of(alone));
    assertThat(directory.resolve("benchmarks.png")).doesNotExist();
    report.add(List.of(result("W1", "jax 0.10.2 jit", 2)));
    assertThat(Files.readAllLines(directory.resolve("benchmarks.jsonl"))).hasSize(1);
  }

  @Test
  void wordVectorsThatLoseMoreThanThePeersSayNothingBySpeed() throws IOException {
    Result fair = result("W10", "word2vec.c", 5).with(new Result.Words(5000, 1000.0, 2.6, 2.58));
    Result unfair = fair.with(new Result.Words(5000, 1000.0, 2.7, 2.58));
    assertThat(fair.line())
        .contains("nnc 5,000 words/s, loss 2.6000   peer 1,000 words/s, loss 2.5800")
        .doesNotContain("too high");
    assertThat(unfair.line()).contains("ours is too high to compare speeds");
    Report report = new Report(directory);
    report.add(List.of(fair, result("W2", "jax 0.10.2 jit", 2)));
    assertThat(directory.resolve("benchmarks.md"))
        .content()
        .contains("| W10 | 1 | word2vec.c | 5,000 | 1,000 | 2.6000 | 2.5800 |")
        .containsSubsequence("| W2 |", "| W10 |");
  }

  private static Result result(String workload, String peer, double ratio) {
    return new Result(
        workload,
        1,
        peer,
        2,
        2 * ratio,
        ratio,
        ratio - 0.1,
        ratio + 0.1,
        100,
        300.0,
        1.5,
        2.5,
        10,
        "2026-01-01",
        "a machine",
        null);
  }
}
