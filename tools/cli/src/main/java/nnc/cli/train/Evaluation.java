package nnc.cli.train;

import java.util.List;
import java.util.Map;
import nnc.cli.data.Batches;
import nnc.cli.data.Dataset;
import nnc.compiler.Measure;
import nnc.runtime.Session;

/** Loss and metrics over rows, train-only effects off. */
public final class Evaluation {
  private final Session session;
  private final Batches batches;
  private final MeasureTotals totals;

  public Evaluation(List<Measure> measures, Dataset data, Session session) {
    this.session = session;
    this.batches = new Batches(data, session);
    this.totals = new MeasureTotals(measures, session);
  }

  /** The values by the names of loss and metrics. */
  public Map<String, Double> of(int[] rows) {
    totals.reset();
    for (int batch = 0; batch < batches.count(rows.length); batch++) {
      int fed = batches.feed(batch, rows);
      session.evaluate();
      totals.add(fed);
    }
    return totals.values();
  }
}
