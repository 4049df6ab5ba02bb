package nnc.cli.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.Measure;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Adds up loss and metrics over batches, in double precision, so that every row weighs the same however batches are cut. */
final class MeasureTotals {
  private final List<Measure> measures;
  private final Session session;
  private final Map<String, double[]> totals = new LinkedHashMap<>();
  private final List<Sum> sums;
  private int rows;

  /** One of the sums, and where the session leaves it. */
  private record Sum(int offset, double[] total) {}

  MeasureTotals(List<Measure> measures, Session session) {
    this.measures = List.copyOf(measures);
    this.session = session;
    Signature signature = session.model().signature();
    sums =
        measures.stream()
            .flatMap(measure -> measure.sums().keySet().stream())
            .map(name -> {
              Signature.Value value = signature.value(name);
              double[] total = new double[value.elements(1)];
              totals.put(name, total);
              return new Sum(value.offset(), total);
            })
            .toList();
  }

  void reset() {
    sums.forEach(sum -> Arrays.fill(sum.total(), 0));
    rows = 0;
  }

  /** Adds the batch that the session has just computed. */
  void add(int batchRows) {
    for (Sum sum : sums) {
      for (int i = 0; i < sum.total().length; i++) {
        sum.total()[i] += session.memory()[sum.offset() + i];
      }
    }
    rows += batchRows;
  }

  /** Loss and metrics over all rows since the start. */
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    measures.forEach(measure -> values.put(measure.name(), measure.value(totals, rows)));
    return values;
  }

  /** A copy of the sums, to go on from later. */
  Map<String, double[]> saved() {
    Map<String, double[]> saved = new LinkedHashMap<>();
    totals.forEach((name, total) -> saved.put(name, total.clone()));
    return saved;
  }

  void restore(Map<String, double[]> saved, int savedRows) {
    reset();
    saved.forEach((name, values) -> {
      double[] total = totals.get(name);
      if (total != null
          && total.length == values.length) { // a metric that was added since starts from here
        System.arraycopy(values, 0, total, 0, values.length);
      }
    });
    rows = savedRows;
  }
}
