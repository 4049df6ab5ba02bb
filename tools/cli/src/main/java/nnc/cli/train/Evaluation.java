package nnc.cli.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import nnc.cli.data.Batches;
import nnc.compiler.Measure;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Loss and metrics over rows, train-only effects off. */
public final class Evaluation {
  private final Batches batches;
  private final MeasureTotals totals;

  public Evaluation(List<Measure> measures, Batches batches, Signature signature) {
    this.batches = batches;
    this.totals = new MeasureTotals(measures, signature);
  }

  /** The values by the names of loss and metrics. */
  public Map<String, Double> of(int[] rows) {
    return of(rows, () -> false).orElseThrow();
  }

  /**
   * The values by the names of loss and metrics.
   *
   * @param stop asked before each batch
   * @return empty if it was stopped
   */
  Optional<Map<String, Double>> of(int[] rows, BooleanSupplier stop) {
    totals.reset();
    Batches.Plan plan = batches.plan(rows);
    for (int batch = 0; batch < plan.batches(); batch++) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      Session session = batches.feed(plan, batch);
      session.evaluate();
      totals.add(session);
    }
    return Optional.of(totals.values());
  }
}
