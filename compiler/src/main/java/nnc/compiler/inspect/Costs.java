package nnc.compiler.inspect;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Size;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.Plan.Program;

/**
 * The operations that kernels make and the bytes that they move, as formulas in the dims of the model. Which dim a number of a
 * plan comes from is found by asking: the model is planned once more with the dim four times as large (its root is then twice as
 * large, so that what divides by it keeps its form). What is four times as large then is linear in it, what is sixteen times as
 * large goes with its square. What grows otherwise, or is not there then, stays a number.
 *
 * @param sizes of all dims
 * @param focus of which the layers are told
 */
public record Costs(Map<String, Integer> sizes, List<Entry> entries, Focus focus) {
  private static final int LARGER = 4;
  private static final int HIGHEST_POWER = 4;

  public Costs {
    entries = List.copyOf(entries);
  }

  /**
   * A kernel that is not several, in all its steps.
   *
   * @param id its number in the plan
   * @param programs in which it runs
   * @param forward operations by layers, without those of gradients; those of no layer under the empty name
   * @param gradient operations of gradients
   */
  public record Entry(
      String id,
      Kernel kernel,
      List<Program> programs,
      Amount operations,
      Amount bytes,
      Map<String, Amount> forward,
      Map<String, Amount> gradient) {
    /** Operations for each byte. */
    public double intensity() {
      return operations.value() / Math.max(1, bytes.value());
    }
  }

  /** What a model is made to do: inference, and the parts of a training step. */
  public enum Phase {
    INFERENCE(Program.INFER, EnumSet.allOf(Kernel.Part.class)),
    FORWARD(Program.GRADIENT, EnumSet.of(Kernel.Part.FORWARD)),
    GRADIENT(Program.GRADIENT, EnumSet.of(Kernel.Part.GRADIENT)),
    UPDATE(Program.UPDATE, EnumSet.allOf(Kernel.Part.class));

    private final Program program;
    private final Set<Kernel.Part> parts;

    Phase(Program program, Set<Kernel.Part> parts) {
      this.program = program;
      this.parts = parts;
    }

    private boolean holds(Entry entry) {
      return entry.programs().contains(program) && parts.contains(entry.kernel().head().part());
    }
  }

  /** A sum over kernels. */
  public record Total(Amount operations, Amount bytes) {}

  /** Operations and bytes of a layer, those of layers inside of it included. */
  public record Layer(Amount forward, Amount gradient, Amount bytes) {}

  /** @param planned the plan of the model with other sizes of dims, if there can be one */
  public static Costs of(
      Plan plan, TypedModel model, Function<Map<String, Integer>, Optional<Plan>> planned) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    model.batch().ifPresent(dim -> sizes.put(dim.name(), dim.maximum()));
    sizes.putAll(model.dims());
    List<KernelWork> kernels = KernelWork.of(plan);
    Map<String, Map<KernelWork, KernelWork>> larger = new LinkedHashMap<>();
    model
        .dims()
        .forEach((dim, size) ->
            planned
                .apply(Map.of(dim, Math.multiplyExact(LARGER, size)))
                .ifPresent(
                    other -> larger.put(dim, KernelPairs.of(kernels, KernelWork.of(other)))));
    List<Entry> entries = new ArrayList<>();
    for (KernelWork work : kernels) {
      Map<String, KernelWork> others = new LinkedHashMap<>();
      larger.forEach((dim, pairs) ->
          Optional.ofNullable(pairs.get(work)).ifPresent(other -> others.put(dim, other)));
      entries.add(entry(work, others, sizes, plan));
    }
    return new Costs(sizes, entries, new Focus.Whole());
  }

  /** Of a part of the model alone: of the kernels that compute something of it, and of its layers. */
  public Costs of(Focus part, Predicate<Kernel> wanted) {
    return new Costs(
        sizes, entries.stream().filter(entry -> wanted.test(entry.kernel())).toList(), part);
  }

  private static Entry entry(
      KernelWork work, Map<String, KernelWork> others, Map<String, Integer> sizes, Plan plan) {
    Amount operations = new Amount(sizes);
    Map<String, Amount> forward = new LinkedHashMap<>();
    Map<String, Amount> gradient = new LinkedHashMap<>();
    for (int i = 0; i < work.operations().size(); i++) {
      int place = i;
      KernelWork.Term term = work.operations().get(i);
      Amount amount =
          amount(
              term.amount(),
              others,
              other -> Optional.of(other.operations().get(place).amount()),
              sizes);
      operations.add(amount);
      (term.gradient() ? gradient : forward)
          .computeIfAbsent(term.layer(), _ -> new Amount(sizes))
          .add(amount);
    }
    Amount bytes = new Amount(sizes);
    for (KernelWork.Moved moved : work.bytes()) {
      bytes.add(
          amount(
              moved.amount(),
              others,
              other ->
                  other.bytes().stream()
                      .filter(same -> same.buffer().equals(moved.buffer()))
                      .map(KernelWork.Moved::amount)
                      .findFirst(),
              sizes));
    }
    List<Program> programs =
        plan.programs().entrySet().stream()
            .filter(program -> program.getValue().contains(work.number()))
            .map(Map.Entry::getKey)
            .toList();
    return new Entry(work.id(), work.kernel(), programs, operations, bytes, forward, gradient);
  }

  private static Amount amount(
      Size size,
      Map<String, KernelWork> others,
      Function<KernelWork, Optional<Size>> same,
      Map<String, Integer> sizes) {
    Map<String, Integer> powers = new TreeMap<>();
    for (Dim dim : size.dims()) {
      powers.merge(dim.name(), 1, Integer::sum);
    }
    double factor = size.factor();
    for (Map.Entry<String, KernelWork> other : others.entrySet()) {
      int power = same.apply(other.getValue()).map(more -> power(size, more)).orElse(0);
      if (power > 0) {
        powers.merge(other.getKey(), power, Integer::sum);
        factor /= Math.pow(sizes.getOrDefault(other.getKey(), 1), power);
      }
    }
    Amount amount = new Amount(sizes);
    amount.add(powers, factor);
    return amount;
  }

  /** The power of a dim in a size, given the size where the dim is larger; 0 if it is none. */
  private static int power(Size size, Size larger) {
    long expected = size.factor();
    for (int power = 1; power <= HIGHEST_POWER; power++) {
      expected *= LARGER;
      if (size.dims().equals(larger.dims()) && larger.factor() == expected) {
        return power;
      }
    }
    return 0;
  }

  // ------------------------------------------------------------ sums

  /** Operations and bytes of the kernels of a program. */
  public Total total(Program program) {
    return total((Entry entry) -> entry.programs().contains(program));
  }

  public Total total(Phase phase) {
    return total(phase::holds);
  }

  /** Whether there are gradients. */
  public boolean trains() {
    return entries.stream().anyMatch(entry -> entry.programs().contains(Program.GRADIENT));
  }

  private Total total(Predicate<Entry> wanted) {
    Total total = new Total(new Amount(sizes), new Amount(sizes));
    for (Entry entry : entries) {
      if (wanted.test(entry)) {
        total.operations().add(entry.operations());
        total.bytes().add(entry.bytes());
      }
    }
    return total;
  }

  /** The layers of what a program computes, by their paths; what is in none under the empty name. */
  public Map<String, Layer> layers(Program program) {
    Map<String, Layer> layers = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.programs().contains(program)) {
        entry
            .forward()
            .forEach((path, amount) ->
                around(path, layers).forEach(layer -> layer.forward().add(amount)));
        entry
            .gradient()
            .forEach((path, amount) ->
                around(path, layers).forEach(layer -> layer.gradient().add(amount)));
        List<String> own = entry.kernel().head().subject().layers();
        around(own.isEmpty() ? "" : own.getFirst(), layers)
            .forEach(layer -> layer.bytes().add(entry.bytes()));
      }
    }
    layers.keySet().removeIf(layer -> !focus.holds(layer));
    return layers;
  }

  /** A layer and those around it. */
  private List<Layer> around(String path, Map<String, Layer> layers) {
    List<Layer> around = new ArrayList<>();
    for (int end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1)) {
      around.add(layer(path.substring(0, end), layers));
    }
    around.add(layer(path, layers));
    return around;
  }

  private Layer layer(String path, Map<String, Layer> layers) {
    return layers.computeIfAbsent(
        path, _ -> new Layer(new Amount(sizes), new Amount(sizes), new Amount(sizes)));
  }
}
