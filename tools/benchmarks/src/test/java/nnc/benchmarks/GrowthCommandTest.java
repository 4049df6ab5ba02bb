package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    assertThat(run(900, 400, 100, 300, 300, 300, 100, 105, 100, 95, 100, 100, 100, 100).warmUpS())
        .as("one quick step among slow ones is chance")
        .isCloseTo(2.3, within(1e-9));
    assertThat(run(100, 100, 100).warmUpS()).isZero();
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
    TreeMap<Integer, List<GrowthRun>> runs =
        new TreeMap<>(
            Map.of(
                2,
                List.of(run(two)),
                4,
                List.of(run(2 * four), run(four)),
                8,
                List.of(run(eight))));
    return GrowthResult.of(Series.TRANSFORMER, 1, runs);
  }

  private static GrowthRun run(double... ms) {
    return new GrowthRun(1.5, 80_000, Samples.of(ms));
  }

  private static int run(StringWriter said, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "growth";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    PrintWriter writer = new PrintWriter(said);
    return Bench.commandLine().setOut(writer).setErr(writer).execute(all);
  }
}
