package nnc.cli.train;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.Measure;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Adds up loss and metrics over batches, in double precision, so that every row weighs the same however batches are cut. */
final class MeasureTotals {
  private final List<Measure> measures;
  private final Map<String, double[]> totals = new LinkedHashMap<>();

  /** Where the sums of a batch lie, in the order of the totals; looked up once for each model. */
  private final Map<Signature, int[]> offsets = new IdentityHashMap<>();

  private int rows;

  /** @param signature of a model that computes the measures */
  MeasureTotals(List<Measure> measures, Signature signature) {
    this.measures = List.copyOf(measures);
    measures.forEach(measure ->
        measure
            .sums()
            .keySet()
            .forEach(name -> totals.put(name, new double[signature.value(name).elements(1)])));
  }

  void reset() {
    totals.values().forEach(total -> Arrays.fill(total, 0));
    rows = 0;
  }

  /** Adds the batch that a session has just computed. */
  void add(Session session) {
    int[] places = offsets.computeIfAbsent(session.model().signature(), this::places);
    int next = 0;
    for (double[] total : totals.values()) {
      int offset = places[next++];
      for (int i = 0; i < total.length; i++) {
        total[i] += session.memory()[offset + i];
      }
    }
    rows += session.rows();
  }

  private int[] places(Signature signature) {
    return totals.keySet().stream().mapToInt(name -> signature.value(name).offset()).toArray();
  }

  /** How many rows have been added since the start. */
  int rows() {
    return rows;
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
