package nnc.cli.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nnc.compiler.model.TypedModel;
import nnc.runtime.Signature;
import org.jspecify.annotations.Nullable;

/**
 * How long the sequences of a dataset are, and for which lengths a model is worth being compiled: rows of similar length go
 * together, so that less padding is computed.
 */
public final class Lengths {
  /** Shares of the rows, shortest first, behind which a bucket ends. */
  private static final double[] CUTS = {0.5, 0.9};

  /** Fewer rows than this are not worth a model of their own. */
  private static final int WORTH = 1000;

  private final Map<String, Integer> bounds;
  private final List<Column> columns;
  private final List<@Nullable String> dims;

  public Lengths(TypedModel model, Dataset data) {
    this.bounds = model.bounded();
    this.columns = data.columns();
    this.dims = new ArrayList<>();
    boolean symbols = model.train().data().filter(read -> read.kind().symbolic()).isPresent();
    for (Column column : columns) {
      TypedModel.Input input =
          model.inputs().stream()
              .filter(other -> other.name().equals(column.input()))
              .findFirst()
              .orElseThrow();
      String last = input.axes().size() == 2 ? input.axes().getLast() : null;
      boolean padded = symbols && last != null && bounds.containsKey(last);
      dims.add(padded ? last : null); // the zeros at the end of numbers are numbers
    }
  }

  /** What a row needs of each bounded dim. */
  private Map<String, Integer> needs(int row) {
    Map<String, Integer> needs = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String dim = dims.get(i);
      if (dim != null) {
        needs.merge(dim, Math.max(1, columns.get(i).length(row)), Math::max);
      }
    }
    return needs;
  }

  private double share(Map<String, Integer> needs) {
    return needs.entrySet().stream()
        .mapToDouble(
            need -> (double) need.getValue() / bounds.getOrDefault(need.getKey(), need.getValue()))
        .max()
        .orElse(1);
  }

  /**
   * The sizes to compile for, from short to long; the last are the bounds themselves. A single one where nothing is bounded, or
   * there are few rows.
   */
  public List<Map<String, Integer>> buckets(int[] rows) {
    List<Map<String, Integer>> buckets = new ArrayList<>();
    boolean found = dims.stream().anyMatch(dim -> dim != null);
    double[] shares =
        found ? Arrays.stream(rows).mapToDouble(row -> share(needs(row))).toArray() : new double[0];
    double[] sorted = shares.clone();
    Arrays.sort(sorted);
    int before = 0;
    for (double cut : CUTS) {
      int end = (int) (cut * sorted.length);
      if (end - before >= WORTH) {
        double longest = sorted[end - 1];
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < rows.length; i++) {
          if (shares[i] <= longest) {
            needs(rows[i]).forEach((dim, need) -> sizes.merge(dim, need, Math::max));
          }
        }
        if (!buckets.contains(sizes) && !sizes.equals(bounds)) {
          buckets.add(sizes);
          before = end;
        }
      }
    }
    buckets.add(bounds);
    return buckets;
  }

  /** The first of some sizes that a row fits into. */
  int bucket(int row, List<Map<String, Integer>> buckets) {
    Map<String, Integer> needs = needs(row);
    int bucket = 0;
    while (bucket < buckets.size() - 1 && !fits(needs, buckets.get(bucket))) {
      bucket++;
    }
    return bucket;
  }

  private static boolean fits(Map<String, Integer> needs, Map<String, Integer> sizes) {
    return needs.entrySet().stream()
        .allMatch(need -> need.getValue() <= sizes.getOrDefault(need.getKey(), need.getValue()));
  }

  /** Whether a model that was compiled for these sizes takes what it would be fed. */
  public boolean fit(Signature signature, Map<String, Integer> sizes) {
    return IntStream.range(0, columns.size())
        .allMatch(i -> signature.input(columns.get(i).input()).elements(1) == width(i, sizes));
  }

  /** How many values of a row a column has where dims have these sizes. */
  int width(int column, Map<String, Integer> sizes) {
    String dim = dims.get(column);
    int all = columns.get(column).perRow();
    return dim == null ? all : sizes.getOrDefault(dim, all);
  }
}
