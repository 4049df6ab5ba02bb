package nnc.cli.diff;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import nnc.compiler.inspect.MemoryUse;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.Planner;

/**
 * How much memory the models take.
 *
 * @param sizes of its parts
 * @param values what is held when training needs most, as far as the models differ, the largest difference first; of a layer
 *     all its values
 */
public record MemoryDifference(List<Quantity> sizes, List<Quantity> values) {
  private static final String TRAINING = "memory of training";
  private static final String INFERENCE = "memory of inference";

  public MemoryDifference {
    sizes = List.copyOf(sizes);
    values = List.copyOf(values);
  }

  static MemoryDifference of(Side a, Side b, Renaming renaming) {
    Part first = Part.of(a);
    Part second = Part.of(b);
    List<Quantity> sizes =
        List.of(
            size("parameters", first, second, Part::parameters),
            size("optimizer state", first, second, Part::state),
            size("gradients of parameters", first, second, Part::gradients),
            size("activations, in training", first, second, Part::activations),
            size("activations, in inference", first, second, Part::inferenceActivations),
            size(TRAINING, first, second, Part::training),
            size(INFERENCE, first, second, Part::inference));
    UnnamedValues ofA = new UnnamedValues(a);
    UnnamedValues ofB = new UnnamedValues(b);
    Map<String, Double> before = new LinkedHashMap<>();
    first
        .held()
        .forEach(buffer -> add(ofA.withoutNumbers(renaming.text(buffer.name())), buffer, before));
    Map<String, Double> now = new LinkedHashMap<>();
    second.held().forEach(buffer -> add(ofB.withoutNumbers(buffer.name()), buffer, now));
    return new MemoryDifference(
        sizes.stream().filter(size -> size.a() + size.b() > 0).toList(), values(before, now));
  }

  private static Quantity size(String name, Part a, Part b, ToDoubleFunction<Part> floats) {
    return Quantity.floats(name, floats.applyAsDouble(a), floats.applyAsDouble(b));
  }

  private static void add(String name, Buffer buffer, Map<String, Double> sizes) {
    sizes.merge(name, (double) buffer.elements(), Double::sum);
  }

  private static List<Quantity> values(Map<String, Double> before, Map<String, Double> now) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(now.keySet());
    return names.stream()
        .map(name ->
            Quantity.floats(name, before.getOrDefault(name, 0.0), now.getOrDefault(name, 0.0)))
        .filter(value -> !value.isEqual())
        .sorted(
            Comparator.comparingDouble((Quantity value) -> Math.abs(value.difference())).reversed())
        .toList();
  }

  /** All memory of training and of inference. */
  List<Quantity> totals() {
    return sizes.stream()
        .filter(size -> size.name().equals(TRAINING) || size.name().equals(INFERENCE))
        .toList();
  }

  boolean isEmpty() {
    return sizes.stream().allMatch(Quantity::isEqual) && values.isEmpty();
  }

  /**
   * What is looked at of a model's memory, in floats.
   *
   * @param training all that a session holds which trains
   * @param inference all that a session holds which only infers
   * @param held what is in memory when training needs most, or inference where there is no training
   */
  private record Part(
      double parameters,
      double state,
      double gradients,
      double activations,
      double inferenceActivations,
      double training,
      double inference,
      List<Buffer> held) {

    static Part of(Side side) {
      Plan plan = side.compilation().plan();
      MemoryUse use = side.memory();
      if (!side.isWhole()) {
        List<Buffer> held = use.entries().stream().map(MemoryUse.Entry::buffer).toList();
        double gradients = gradients(held, plan);
        double parameters =
            side.parameters().stream()
                .mapToDouble(parameter -> parameter.shape().elements().constant())
                .sum();
        return new Part(parameters, 0, gradients, sum(held) - gradients, 0, 0, 0, held);
      }
      List<Buffer> training = held("training", use);
      List<Buffer> inference = held("inference", use);
      double gradients = gradients(training, plan);
      return new Part(
          plan.parameterElements(),
          plan.stateElements(),
          gradients,
          sum(training) - gradients,
          sum(inference),
          training.isEmpty()
              ? 0
              : 0.0 + plan.parameterElements() + plan.stateElements() + plan.trainingMemory(),
          inference.isEmpty() ? 0 : 0.0 + plan.parameterElements() + plan.inferenceMemory(),
          training.isEmpty() ? inference : training);
    }

    private static List<Buffer> held(String what, MemoryUse use) {
      return use.peaks().stream()
          .filter(peak -> peak.what().equals(what))
          .findFirst()
          .map(MemoryUse.Peak::held)
          .orElse(List.of());
    }

    private static double gradients(List<Buffer> held, Plan plan) {
      return sum(
          held.stream()
              .filter(buffer ->
                  plan.roots().entrySet().stream()
                      .anyMatch(root ->
                          root.getKey().startsWith(Planner.GRADIENT)
                              && root.getValue().equals(buffer)))
              .toList());
    }

    private static double sum(List<Buffer> buffers) {
      return buffers.stream().mapToDouble(Buffer::elements).sum();
    }
  }
}
