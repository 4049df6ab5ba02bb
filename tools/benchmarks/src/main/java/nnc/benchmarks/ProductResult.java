package nnc.benchmarks;

import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was measured of a matrix product, beside a peer or alone.
 *
 * @param workload the product
 * @param use what computes it, of the list of products
 * @param oursMs milliseconds a call, the median of all turns
 * @param ratio the median of the peer's time divided by ours, turn by turn
 * @param ratioP10 a tenth of the turns stayed below, as a tenth stayed above {@code ratioP90}
 * @param gflops ours, 10^9 floating-point operations a second
 * @param peakGflops what registers alone would allow, measured between these turns
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ProductResult(
    String workload,
    String use,
    int threads,
    @Nullable String peer,
    double oursMs,
    @Nullable Double peerMs,
    @Nullable Double ratio,
    @Nullable Double ratioP10,
    @Nullable Double ratioP90,
    double gflops,
    @Nullable Double peerGflops,
    double peakGflops,
    String date,
    String machine) {

  /**
   * @param theirs empty where there was no peer, as ratios are
   * @param peaks GFLOP/s
   */
  static ProductResult of(
      Product product,
      int threads,
      @Nullable String peer,
      Samples ours,
      Samples theirs,
      Samples ratios,
      Samples peaks) {
    boolean compared = peer != null;
    double flopPerMilli = product.flop() * 1e-6;
    return new ProductResult(
        product.toString(),
        ProductShapes.uses(product),
        threads,
        peer,
        ours.median(),
        compared ? theirs.median() : null,
        compared ? ratios.median() : null,
        compared ? ratios.quantile(0.1) : null,
        compared ? ratios.quantile(0.9) : null,
        flopPerMilli / ours.median(),
        compared ? flopPerMilli / theirs.median() : null,
        peaks.median(),
        LocalDate.now().toString(),
        Machine.description());
  }

  double shareOfPeak() {
    return gflops / peakGflops;
  }

  /** The same thing was measured. */
  boolean replaces(ProductResult other) {
    return workload.equals(other.workload) && threads == other.threads;
  }

  /** For people, in a terminal. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-22s %d thread%s %6.1f GFLOP/s, %.2f of the peak%s   %s",
        workload,
        threads,
        threads == 1 ? " " : "s",
        gflops,
        shareOfPeak(),
        peer == null
            ? ""
            : String.format(
                Locale.ROOT,
                "   theirs %6.1f, ratio %.2f (%.2f-%.2f)",
                peerGflops,
                ratio,
                ratioP10,
                ratioP90),
        use);
  }
}
