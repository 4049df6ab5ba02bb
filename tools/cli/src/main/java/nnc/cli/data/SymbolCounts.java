package nnc.cli.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nnc.runtime.text.Vocabulary;

/** How many symbols a file has for each field, and how many of them the field's vocabulary does not have. */
final class SymbolCounts {
  private final Map<String, Count> counts = new LinkedHashMap<>();

  private static final class Count {
    private long all;
    private long unknown;
  }

  void add(String field, int... ids) {
    Count count = counts.computeIfAbsent(field, name -> new Count());
    count.all += ids.length;
    for (int id : ids) {
      count.unknown += id == Vocabulary.UNKNOWN ? 1 : 0;
    }
  }

  /** The share of unknown symbols, by field. */
  Map<String, Double> unknown() {
    Map<String, Double> shares = new LinkedHashMap<>();
    counts.forEach(
        (field, count) -> shares.put(field, (double) count.unknown / Math.max(1, count.all)));
    return shares;
  }

  /** A line for each field of which symbols are unknown. */
  List<String> remarks(SymbolSource source) {
    List<String> remarks = new ArrayList<>();
    counts.forEach((field, count) -> {
      if (count.unknown > 0) {
        remarks.add(
            String.format(
                Locale.ROOT,
                "%s: %.1f %% of the symbols of '%s' are unknown (%,d of %,d)",
                source.file(),
                100.0 * count.unknown / count.all,
                field,
                count.unknown,
                count.all));
      }
    });
    return remarks;
  }
}
