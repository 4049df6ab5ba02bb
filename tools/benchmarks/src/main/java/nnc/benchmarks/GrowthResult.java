package nnc.benchmarks;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was measured of a model of one size: of several processes the least of each.
 *
 * @param workload the name of its series
 * @param compileS seconds from the .nn file to loaded classes
 * @param warmUpS seconds from the first step to those that take no longer than a tenth more than the last ones
 * @param stepMs milliseconds of a step then
 * @param ratio {@code stepMs / size} divided by that of the first size: 1 where a step's time is in proportion to the size
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record GrowthResult(
    String workload,
    String dim,
    int size,
    int threads,
    double compileS,
    long classBytes,
    double warmUpS,
    double stepMs,
    double ratio,
    String date,
    String machine) {

  /**
   * @param runs of each size, at least one
   */
  static List<GrowthResult> of(
      Series series, int threads, SortedMap<Integer, List<GrowthRun>> runs) {
    List<GrowthResult> results = new ArrayList<>();
    for (Map.Entry<Integer, List<GrowthRun>> each : runs.entrySet()) {
      double stepMs = least(each.getValue(), GrowthRun::stepMs);
      double bySize = stepMs / each.getKey();
      results.add(
          new GrowthResult(
              series.toString(),
              series.dim(),
              each.getKey(),
              threads,
              least(each.getValue(), GrowthRun::compileS),
              each.getValue().getFirst().classBytes(),
              least(each.getValue(), GrowthRun::warmUpS),
              stepMs,
              results.isEmpty() ? 1 : bySize / results.getFirst().stepMsBySize(),
              LocalDate.now().toString(),
              Machine.description()));
    }
    return results;
  }

  private static double least(List<GrowthRun> runs, ToDoubleFunction<GrowthRun> figure) {
    return runs.stream().mapToDouble(figure).min().orElseThrow();
  }

  double stepMsBySize() {
    return stepMs / size;
  }

  /** The same thing was measured. */
  boolean replaces(GrowthResult other) {
    return workload.equals(other.workload) && size == other.size && threads == other.threads;
  }

  /** For people, in a terminal: what stands above {@link #line}s. */
  static String heading(Series series, int threads) {
    return String.format(
        Locale.ROOT,
        "%s, %d thread%s%n%5s  compile s  class bytes  warm-up s  ms a step  ms / %s  ratio",
        series,
        threads,
        threads == 1 ? "" : "s",
        series.dim(),
        series.dim());
  }

  /** For people, in a terminal. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%5d  %9.2f  %,11d  %9.2f  %9.3f  %6.3f  %5.2f",
        size,
        compileS,
        classBytes,
        warmUpS,
        stepMs,
        stepMsBySize(),
        ratio);
  }
}
