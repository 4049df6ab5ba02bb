package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrowthCommandTest {
  @TempDir private Path directory;

  /** Not a test of speed. */
  @Test
  void everySizeIsMeasuredInAProcessOfItsOwn() throws IOException {
    StringWriter said = new StringWriter();
    Path json = directory.resolve("results.jsonl");
    int code =
        run(
            said,
            "mlp",
            "--rounds=1",
            "--seconds=0.01",
            "--json",
            json.toString(),
            "--out",
            directory.toString());
    assertThat(code).as(said::toString).isZero();
    assertThat(said.toString()).contains("mlp, 1 thread\n", "ms / B", "  256  ");
    assertThat(Files.readAllLines(json))
        .hasSize(4)
        .first()
        .asString()
        .contains("\"size\":32", "\"threads\":1", "\"ratio\":1.0", "\"machine\":")
        .containsPattern("\"class_bytes\":[1-9]");
    assertThat(directory.resolve("growth.md"))
        .content()
        .containsSubsequence("| mlp | B = 32 |", "| mlp | B = 256 |");
  }

  /** A dim that a model does not declare would be an error. */
  @ParameterizedTest
  @EnumSource
  void aModelHasTheDimThatItsSizesAreOf(Series series) throws IOException {
    String text = Files.readString(series.file());
    assertThat(text).contains("dim " + series.dim() + " = " + series.sizes().getFirst());
    Compiler.compile(
        Project.read(series.file(), Optional.empty()),
        Compiler.Options.DEFAULT.with(Map.of(series.dim(), series.sizes().getLast())));
  }

  @Test
  void whatWarmsUpAreTheStepsBeforeThoseLikeTheLast() {
    assertThat(run(900, 400, 100, 300, 300, 300).warmUpS())
        .as("one quick step among slow ones is chance")
        .isCloseTo(2.3, within(1e-9));
    assertThat(run().warmUpS()).isZero();
  }

  @Test
  void stepsThatBecomeQuickerToTheEndAreNotWarm() {
    double[] falling = IntStream.range(0, 40).mapToDouble(i -> 100 - 2 * i).toArray();
    assertThat(new GrowthRun(1, 1, Samples.of(falling)).warmUpS()).isCloseTo(2.44, within(1e-9));
    assertThat(new GrowthRun(1, 1, Samples.of(1500, 1500)).warmUpS())
        .as("two steps tell nothing")
        .isCloseTo(3, within(1e-9));
  }

  @Test
  void aRatioOfOneIsGrowthInProportion() {
    assertThat(results(2, 4, 12)).extracting(GrowthResult::ratio).containsExactly(1.0, 1.0, 1.5);
  }

  @Test
  void newerResultsReplaceOlderOnesOfTheSameSize() throws IOException {
    GrowthReport report = new GrowthReport(directory);
    report.add(results(2, 4, 8));
    report.add(results(2, 3, 6));
    assertThat(Files.readAllLines(directory.resolve("growth.jsonl"))).hasSize(3);
    assertThat(directory.resolve("growth.md"))
        .content()
        .contains("| transformer | N = 4 | 1 | 1.50 | 80,000 | 0.00 | 3.000 | 0.750 | **0.75** |");
  }

  @Test
  void anUnknownModelIsAWrongUse() {
    StringWriter said = new StringWriter();
    assertThat(run(said, "gru")).isEqualTo(2);
    assertThat(said.toString()).contains("transformer, lstm, mlp", "gru");
  }

  /** Of 2, 4 and 8 layers, that take so many milliseconds. */
  private static List<GrowthResult> results(double two, double four, double eight) {
    return GrowthResult.of(
        Series.TRANSFORMER,
        1,
        new TreeMap<>(
            Map.of(
                2, List.of(of(two)), 4, List.of(of(2 * four), of(four)), 8, List.of(of(eight)))));
  }

  private static GrowthRun of(double ms) {
    double[] all = new double[40];
    Arrays.fill(all, ms);
    return new GrowthRun(1.5, 80_000, Samples.of(all));
  }

  /** These steps, and then many of 100 ms. */
  private static GrowthRun run(double... first) {
    double[] all = new double[first.length + 40];
    Arrays.fill(all, 100);
    System.arraycopy(first, 0, all, 0, first.length);
    return new GrowthRun(1.5, 80_000, Samples.of(all));
  }

  private static int run(StringWriter said, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "growth";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    PrintWriter writer = new PrintWriter(said);
    return Bench.commandLine().setOut(writer).setErr(writer).execute(all);
  }
}
