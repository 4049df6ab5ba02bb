package nnc.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nnc.cli.output.WholeFiles;

/** Results of growth in a directory: as JSON lines, from which a page is made. Nothing in it is typed by hand. */
record GrowthReport(Path directory) {
  private static final Comparator<GrowthResult> ORDER =
      Comparator.comparing(
              (GrowthResult result) -> Series.valueOf(result.workload().toUpperCase(Locale.ROOT)))
          .thenComparing(GrowthResult::threads)
          .thenComparing(GrowthResult::size);

  /** Adds results to those that are there; of the same thing the newer ones stay. */
  void add(List<GrowthResult> newer) {
    Path lines = directory.resolve("growth.jsonl");
    List<GrowthResult> all =
        JsonLines.merge(lines, GrowthResult.class, newer, GrowthResult::replaces);
    all.sort(ORDER);
    WholeFiles.makeDirectories(directory);
    WholeFiles.write(
        Map.of(
            lines,
            JsonLines.text(all),
            directory.resolve("growth.md"),
            page(all).getBytes(StandardCharsets.UTF_8)));
  }

  private static String page(List<GrowthResult> results) {
    StringBuilder page =
        new StringBuilder(
            """
            # How nnc grows

            Written by `./nnc bench growth --out docs` from [growth.jsonl](growth.jsonl), which has more digits; how it is measured
            is told [there](../tools/benchmarks/README.md#growth). A `repeat` is a loop in the generated Java, as a `recur` is one,
            and a batch is a size: so the time to compile, the classes and the time to warm up should not grow with any of them, and a
            step's time no faster than in proportion. A ratio is the time of a step divided by the size, compared to the first
            row: 1.00 is in proportion, less where a part of the step, such as the update of the parameters, stays the same.

            """);
    page.append(Machine.measuredOn(results, GrowthResult::date, GrowthResult::machine));
    page.append(
        """

        | model | | threads | compile, s | classes, bytes | warm-up, s | a step, ms | by size, ms | ratio |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    for (GrowthResult each : results) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %s = %d | %d | %.2f | %,d | %.2f | %.3f | %.3f | **%.2f** |%n",
              each.workload(),
              each.dim(),
              each.size(),
              each.threads(),
              each.compileS(),
              each.classBytes(),
              each.warmUpS(),
              each.stepMs(),
              each.stepMsBySize(),
              each.ratio()));
    }
    return page.toString();
  }
}
