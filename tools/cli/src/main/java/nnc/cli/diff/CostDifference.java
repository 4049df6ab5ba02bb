package nnc.cli.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.inspect.Amount;
import nnc.compiler.inspect.Costs;
import nnc.compiler.plan.Plan.Program;

/**
 * What the models cost.
 *
 * @param parts of inference, and of a training step: forward, gradient, update
 * @param layers operations of a training step, or of inference where there is none, of layers that differ in them
 */
public record CostDifference(List<Part> parts, List<Quantity> layers) {
  /**
   * Operations and bytes, as numbers and as formulas in the dims.
   *
   * @param a the operations of A as a formula, empty if there are none
   */
  public record Part(Quantity operations, Quantity bytes, String a, String b) {
    public String name() {
      return operations.name();
    }

    boolean isInference() {
      return name().equals(name(Costs.Phase.INFERENCE));
    }

    private static String name(Costs.Phase phase) {
      return phase.name().toLowerCase(Locale.ROOT);
    }

    boolean isEqual() {
      return operations.isEqual() && bytes.isEqual();
    }
  }

  public CostDifference {
    parts = List.copyOf(parts);
    layers = List.copyOf(layers);
  }

  static CostDifference of(Side a, Side b, Renaming renaming) {
    Costs first = a.ownCosts();
    Costs second = b.ownCosts();
    List<Part> parts = new ArrayList<>();
    for (Costs.Phase phase : Costs.Phase.values()) {
      Costs.Total before = first.total(phase);
      Costs.Total now = second.total(phase);
      if (before.bytes().value() + now.bytes().value() > 0) {
        parts.add(part(Part.name(phase), before, now));
      }
    }
    Map<String, Double> before = new LinkedHashMap<>();
    layers(first)
        .forEach(
            (path, value) -> before.put(renaming.path(path).orElse(path + ", removed"), value));
    Map<String, Double> now = layers(second);
    Set<String> paths = new LinkedHashSet<>(before.keySet());
    paths.addAll(now.keySet());
    List<Quantity> layers =
        paths.stream()
            .map(path ->
                Quantity.operations(
                    path.isEmpty() ? "in no layer" : path,
                    before.getOrDefault(path, 0.0),
                    now.getOrDefault(path, 0.0)))
            .filter(layer -> !layer.isEqual())
            .toList();
    return new CostDifference(parts, layers);
  }

  private static Part part(String name, Costs.Total a, Costs.Total b) {
    return new Part(
        Quantity.operations(name, a.operations().value(), b.operations().value()),
        Quantity.moved(name, a.bytes().value(), b.bytes().value()),
        formula(a.operations()),
        formula(b.operations()));
  }

  private static String formula(Amount amount) {
    return amount.value() > 0 ? amount.toString() : "";
  }

  private static Map<String, Double> layers(Costs costs) {
    Map<String, Double> operations = new LinkedHashMap<>();
    costs
        .layers(costs.trains() ? Program.GRADIENT : Program.INFER)
        .forEach((path, layer) ->
            operations.put(path, layer.forward().value() + layer.gradient().value()));
    return operations;
  }

  /** Operations and bytes of inference and of a whole training step. */
  List<Quantity> totals() {
    List<Quantity> totals = new ArrayList<>();
    for (boolean inference : new boolean[] {true, false}) {
      List<Part> some = parts.stream().filter(part -> part.isInference() == inference).toList();
      String what = inference ? "inference" : "a training step";
      some.stream()
          .map(Part::operations)
          .reduce(Quantity::plus)
          .ifPresent(all -> totals.add(all.named("operations of " + what)));
      some.stream()
          .map(Part::bytes)
          .reduce(Quantity::plus)
          .ifPresent(all -> totals.add(all.named("bytes of " + what)));
    }
    return totals;
  }

  /** Operations and bytes of each part. */
  List<Quantity> quantities() {
    return parts.stream()
        .flatMap(part ->
            Stream.of(
                part.operations().named("operations, " + part.name()),
                part.bytes().named("bytes, " + part.name())))
        .toList();
  }

  boolean isEmpty() {
    return parts.stream().allMatch(Part::isEqual) && layers.isEmpty();
  }
}
