package nnc.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nnc.cli.output.WholeFiles;

/** Results of products in a directory: as JSON lines, from which a page is made. Nothing in it is typed by hand. */
record ProductReport(Path directory) {

  /** Adds results to those that are there; of the same thing the newer ones stay. */
  void add(List<ProductResult> newer) {
    Path lines = directory.resolve("products.jsonl");
    List<ProductResult> all =
        JsonLines.merge(lines, ProductResult.class, newer, ProductResult::replaces);
    List<String> order = ProductShapes.all().stream().map(Product::toString).toList();
    all.sort(
        Comparator.comparing(ProductResult::threads)
            .thenComparing(result ->
                order.contains(result.workload()) ? order.indexOf(result.workload()) : order.size())
            .thenComparing(ProductResult::workload));
    WholeFiles.makeDirectories(directory);
    WholeFiles.write(
        Map.of(
            lines,
            JsonLines.text(all),
            directory.resolve("products.md"),
            page(all).getBytes(StandardCharsets.UTF_8)));
  }

  private static String page(List<ProductResult> results) {
    StringBuilder page =
        new StringBuilder(
            """
            # Matrix products

            Written by `./nnc bench products --peers --out docs` from [products.jsonl](products.jsonl), which has more digits; how
            they are measured is told [there](../tools/benchmarks/README.md). A product m x k x n is A[m x k] B[k x n], each N, row
            after row in memory, or T, transposed. GFLOP/s, packing included. A ratio is the peer's time divided by ours, the
            median of pairs that ran one right after the other, and in brackets what a tenth of the pairs stayed below and above:
            above 1 nnc is faster. The peak is what fused multiply-adds on registers alone reach, measured between the turns.

            """);
    page.append(Machine.measuredOn(results, ProductResult::date, ProductResult::machine));
    page.append(
        """

        | product | of | threads | nnc | of the peak | peer | | ratio |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    for (ProductResult each : results) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %.1f | %.2f | %s |%n",
              each.workload(),
              each.use(),
              each.threads(),
              each.gflops(),
              each.shareOfPeak(),
              each.peer() == null
                  ? " | | "
                  : String.format(
                      Locale.ROOT,
                      "%s | %.1f | **%.2f** (%.2f-%.2f)",
                      each.peer(),
                      each.peerGflops(),
                      each.ratio(),
                      each.ratioP10(),
                      each.ratioP90())));
    }
    return page.toString();
  }
}
