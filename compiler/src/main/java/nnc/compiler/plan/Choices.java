package nnc.compiler.plan;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import nnc.compiler.ir.Optimizations;

/** Which choices a plan has, and how often each was made. */
final class Choices {
  private final Optimizations optimizations;
  private final Map<PlanChoice, Integer> counts = new EnumMap<>(PlanChoice.class);

  Choices(Optimizations optimizations) {
    this.optimizations = optimizations;
    for (PlanChoice choice : PlanChoice.values()) {
      counts.put(choice, 0);
    }
  }

  boolean allow(PlanChoice choice) {
    return optimizations.include(choice.label());
  }

  void count(PlanChoice choice, int times) {
    counts.merge(choice, times, Integer::sum);
  }

  /** Makes a choice, if it is allowed. */
  boolean make(PlanChoice choice) {
    boolean allowed = allow(choice);
    count(choice, allowed ? 1 : 0);
    return allowed;
  }

  Map<String, Integer> counts() {
    Map<String, Integer> named = new LinkedHashMap<>();
    counts.forEach((choice, count) -> named.put(choice.label(), count));
    return named;
  }
}
