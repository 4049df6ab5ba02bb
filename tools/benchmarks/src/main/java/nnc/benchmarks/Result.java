package nnc.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was measured of a workload, beside one peer or, where that is missing, alone.
 *
 * @param oursMs milliseconds a step, the median of all turns
 * @param ratio the median of the peer's time divided by ours, turn by turn
 * @param ratioP10 a tenth of the turns stayed below, as a tenth stayed above {@code ratioP90}
 * @param oursMb the most memory that was resident, after all turns
 * @param firstStepS seconds from the start of our process to the end of its first step
 * @param plannedMb what our plan of the memory comes to, parameters and optimizer included
 * @param words of W10 alone
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Result(
    String workload,
    int threads,
    @Nullable String peer,
    double oursMs,
    @Nullable Double peerMs,
    @Nullable Double ratio,
    @Nullable Double ratioP10,
    @Nullable Double ratioP90,
    double oursMb,
    @Nullable Double peerMb,
    double firstStepS,
    @Nullable Double peerFirstStepS,
    double plannedMb,
    String date,
    String machine,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Words words) {

  /**
   * Of a training of word vectors, once through a corpus: how fast, and to which loss.
   *
   * @param oursPerSecond words of the text a second
   * @param oursLoss {@link PairLoss}, in nats a pair
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Words(
      double oursPerSecond,
      @Nullable Double peerPerSecond,
      double oursLoss,
      @Nullable Double peerLoss) {
    /** How far above the peer's loss ours may be for the speeds to compare. */
    private static final double TOLERANCE = 1.02;

    /** For people, in a terminal. */
    String line() {
      String own =
          String.format(Locale.ROOT, "nnc %,.0f words/s, loss %.4f", oursPerSecond, oursLoss);
      if (peerLoss == null) {
        return own;
      }
      return own
          + String.format(Locale.ROOT, "   peer %,.0f words/s, loss %.4f", peerPerSecond, peerLoss)
          + (oursLoss > TOLERANCE * peerLoss ? ": ours is too high to compare speeds" : "");
    }
  }

  static Result alone(String workload, int threads, Samples ours, Peer own) {
    return new Result(
        workload,
        threads,
        null,
        ours.median(),
        null,
        null,
        null,
        null,
        own.peakMegabytes(),
        null,
        own.hello().firstStepS(),
        null,
        own.hello().plannedMb(),
        LocalDate.now().toString(),
        Machine.description(),
        null);
  }

  static Result of(
      String workload,
      int threads,
      Samples ours,
      Samples theirs,
      Samples ratios,
      Peer own,
      Peer other) {
    return new Result(
        workload,
        threads,
        other.hello().name(),
        ours.median(),
        theirs.median(),
        ratios.median(),
        ratios.quantile(0.1),
        ratios.quantile(0.9),
        own.peakMegabytes(),
        other.peakMegabytes(),
        own.hello().firstStepS(),
        other.hello().firstStepS(),
        own.hello().plannedMb(),
        LocalDate.now().toString(),
        Machine.description(),
        null);
  }

  Result with(Words added) {
    return new Result(
        workload,
        threads,
        peer,
        oursMs,
        peerMs,
        ratio,
        ratioP10,
        ratioP90,
        oursMb,
        peerMb,
        firstStepS,
        peerFirstStepS,
        plannedMb,
        date,
        machine,
        added);
  }

  /** The same thing was measured, perhaps with another version. */
  boolean replaces(Result other) {
    return workload.equals(other.workload)
        && threads == other.threads
        && (other.peer == null || peer != null && kind(peer).equals(kind(other.peer)));
  }

  /** {@code pytorch eager} of {@code pytorch 2.13.0 eager}. */
  static String kind(String peer) {
    return peer.replaceAll(" \\d[^ ]*", "");
  }

  /** For people, in a terminal. */
  String line() {
    String own =
        String.format(
            Locale.ROOT,
            "%-9s %d thread%s  nnc %9.3f ms, %5.0f MB, first step %.1f s",
            workload,
            threads,
            threads == 1 ? " " : "s",
            oursMs,
            oursMb,
            firstStepS);
    String line =
        peer == null
            ? own
            : own
                + String.format(
                    Locale.ROOT,
                    "   %-22s %9.3f ms, %5.0f MB, %5.1f s   ratio %.2f (%.2f-%.2f)",
                    peer,
                    peerMs,
                    peerMb,
                    peerFirstStepS,
                    ratio,
                    ratioP10,
                    ratioP90);
    return words == null ? line : line + "%n          ".formatted() + words.line();
  }
}
