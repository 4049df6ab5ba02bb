package nnc.benchmarks;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nnc.cli.output.WholeFiles;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Results in a directory: as JSON lines, from which a page and a picture are made. Nothing in them is typed by hand. */
record Report(Path directory) {
  private static final Comparator<Result> ORDER =
      Comparator.comparing((Result result) -> result.workload().replaceAll("\\D", "").length())
          .thenComparing(Result::workload)
          .thenComparing(Result::threads)
          .thenComparing(Result::peer, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** The colours of Okabe and Ito, which people who see colours differently can tell apart. */
  private static final List<Color> COLORS =
      List.of(new Color(0x0072b2), new Color(0xe69f00), new Color(0x009e73), new Color(0xcc79a7));

  private static final String PICTURE = "benchmarks.png";

  /** Adds results to those that are there; of the same thing the newer ones stay. */
  void add(List<Result> newer) {
    Path lines = directory.resolve("benchmarks.jsonl");
    List<Result> all = JsonLines.merge(lines, Result.class, newer, Result::replaces);
    all.sort(ORDER);
    Map<Path, byte[]> files = new TreeMap<>();
    files.put(lines, JsonLines.text(all));
    files.put(directory.resolve("benchmarks.md"), page(all).getBytes(StandardCharsets.UTF_8));
    picture(all).ifPresent(bytes -> files.put(directory.resolve(PICTURE), bytes));
    WholeFiles.makeDirectories(directory);
    WholeFiles.write(files);
  }

  private static String page(List<Result> results) {
    StringBuilder page =
        new StringBuilder(
            """
            # Results of the benchmarks

            Written by `./nnc bench --peers --out docs` from [benchmarks.jsonl](benchmarks.jsonl), which has more digits; what the
            workloads are, and how they are measured, is told [there](../tools/benchmarks/README.md). Times are medians, in
            milliseconds: of a step, in W10 of 100,000 words. A ratio is the peer's time divided by ours, the median of pairs that
            ran one right after the other, and in brackets what a tenth of the pairs stayed below and above: above 1 nnc is
            faster. Memory is the most that was resident, in MB; planned is what the compiler's plan of it comes to, parameters
            and optimizer included. The first step counts from the start of the process, in seconds.

            """);
    if (results.stream().anyMatch(result -> result.peer() != null)) {
      page.append("![ratios of all workloads](").append(PICTURE).append(")\n\n");
    }
    page.append(Machine.measuredOn(results, Result::date, Result::machine));
    page.append(
        """

        | workload | threads | nnc | peer | | ratio | memory, planned | nnc | peer | first step, nnc | peer |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    for (Result each : results) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.3f | %s | %s | %s | %.0f | %.0f | %s | %.1f | %s |%n",
              each.workload(),
              each.threads(),
              each.oursMs(),
              Objects.requireNonNullElse(each.peer(), ""),
              figure("%.3f", each.peerMs()),
              each.ratio() == null
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      "**%.2f** (%.2f-%.2f)",
                      each.ratio(),
                      each.ratioP10(),
                      each.ratioP90()),
              each.plannedMb(),
              each.oursMb(),
              figure("%.0f", each.peerMb()),
              each.firstStepS(),
              figure("%.1f", each.peerFirstStepS())));
    }
    words(results).ifPresent(page::append);
    return page.toString();
  }

  /** What W10 has more. */
  private static Optional<String> words(List<Result> results) {
    List<Result> found = results.stream().filter(result -> result.words() != null).toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder table =
        new StringBuilder(
            """

            Word vectors: words of the text a second, and the loss after once through it, in nats a pair.

            | workload | threads | peer | words/s, nnc | peer | loss, nnc | peer |
            | --- | --- | --- | --- | --- | --- | --- |
            """);
    for (Result each : found) {
      Result.Words words = Objects.requireNonNull(each.words());
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %s | %,.0f | %s | %.4f | %s |%n",
              each.workload(),
              each.threads(),
              Objects.requireNonNullElse(each.peer(), ""),
              words.oursPerSecond(),
              figure("%,.0f", words.peerPerSecond()),
              words.oursLoss(),
              figure("%.4f", words.peerLoss())));
    }
    return Optional.of(table.toString());
  }

  private static String figure(String format, @Nullable Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  /** For each number of threads a chart: the ratios of each peer, by workload. Nothing where there were no peers. */
  private static Optional<byte[]> picture(List<Result> results) {
    Map<Integer, List<Result>> compared =
        results.stream()
            .filter(result -> result.ratio() != null)
            .collect(Collectors.groupingBy(Result::threads, TreeMap::new, Collectors.toList()));
    if (compared.isEmpty()) {
      return Optional.empty();
    }
    System.setProperty("java.awt.headless", "true");
    List<CategoryChart> charts =
        compared.entrySet().stream().map(each -> chart(each.getKey(), each.getValue())).toList();
    ByteArrayOutputStream picture = new ByteArrayOutputStream();
    try {
      BitmapEncoder.saveBitmap(charts, charts.size(), 1, picture, BitmapEncoder.BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(picture.toByteArray());
  }

  private static CategoryChart chart(int threads, List<Result> results) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(320)
            .title(
                "%d thread%s: the peer's time divided by ours"
                    .formatted(threads, threads == 1 ? "" : "s"))
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisMin(0.0);
    List<String> workloads = results.stream().map(Result::workload).distinct().toList();
    List<String> peers =
        results.stream().map(Result::peer).filter(Objects::nonNull).distinct().sorted().toList();
    for (String peer : peers) {
      List<Double> ratios =
          workloads.stream().map(workload -> ratio(results, workload, peer)).toList();
      chart
          .addSeries(peer, workloads, ratios)
          .setFillColor(COLORS.get(peers.indexOf(peer) % COLORS.size()));
    }
    return chart;
  }

  /** 0 where this peer does not know the workload: there is no bar. */
  private static double ratio(List<Result> results, String workload, String peer) {
    return results.stream()
        .filter(result -> result.workload().equals(workload) && peer.equals(result.peer()))
        .mapToDouble(result -> Objects.requireNonNull(result.ratio()))
        .findFirst()
        .orElse(0);
  }
}
