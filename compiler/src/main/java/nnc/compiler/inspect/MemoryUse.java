package nnc.compiler.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.Plan.Program;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.Span;
import nnc.runtime.Generation;

/**
 * What lies in a session's memory, and when most of it is needed.
 *
 * @param entries by their places
 * @param peaks the largest need of inference and of training, those that the model has
 * @param generates whether the model generates: each symbol is an inference
 */
public record MemoryUse(List<Entry> entries, List<Peak> peaks, boolean generates) {
  public MemoryUse {
    entries = List.copyOf(entries);
    peaks = List.copyOf(peaks);
  }

  /**
   * A buffer.
   *
   * @param place the model's line that its value comes from
   * @param shares what lies at the same place at other times
   */
  public record Entry(Buffer buffer, Optional<Span> place, List<Buffer> shares) {}

  /**
   * When most is needed.
   *
   * @param what {@code inference} or {@code training}
   * @param kernel the number of the kernel that runs then
   * @param held what is needed then, the largest first
   */
  public record Peak(String what, int kernel, List<Buffer> held) {
    public long floats() {
      return held.stream().mapToLong(Buffer::elements).sum();
    }
  }

  public static MemoryUse of(Plan plan, TypedModel model) {
    List<Buffer> buffers =
        plan.buffers().stream()
            .filter(buffer -> buffer.space() == Buffer.Space.MEMORY && buffer.isPlaced())
            .distinct()
            .sorted(Comparator.comparingInt(Buffer::offset).thenComparingInt(Buffer::firstUse))
            .toList();
    Map<Buffer, Span> places = places(plan, model);
    List<Entry> entries = new ArrayList<>();
    for (Buffer buffer : buffers) {
      entries.add(
          new Entry(
              buffer,
              Optional.ofNullable(places.get(buffer)),
              buffers.stream()
                  .filter(other -> other != buffer && overlap(buffer, other))
                  .toList()));
    }
    List<Peak> peaks = new ArrayList<>();
    List<Integer> inference = numbers(plan, Set.of(Program.INFER));
    if (!inference.isEmpty()) {
      peaks.add(
          peak(
              "inference",
              inference,
              buffers,
              kernel -> buffer -> buffer.inference() && lives(buffer, kernel)));
    }
    List<Integer> training = numbers(plan, Set.of(Program.GRADIENT, Program.UPDATE));
    if (!training.isEmpty()) {
      Set<Buffer> gradients = gradients(plan); // theirs is a place of their own, all the time
      peaks.add(
          peak(
              "training",
              training,
              buffers,
              kernel -> buffer -> gradients.contains(buffer) || lives(buffer, kernel)));
    }
    return new MemoryUse(entries, peaks, plan.roots().containsKey(Generation.SCORES));
  }

  /** The part of it that some kernels read or write. */
  public MemoryUse of(Plan plan, Predicate<Kernel> wanted) {
    Set<Buffer> touched = new HashSet<>();
    plan.kernels().stream()
        .flatMap(kernel -> kernel.all().stream())
        .filter(kernel -> kernel.inner().isEmpty() && wanted.test(kernel))
        .forEach(kernel -> {
          kernel.head().reads().forEach(buffer -> touched.add(buffer.root()));
          kernel.head().writes().forEach(buffer -> touched.add(buffer.root()));
        });
    return new MemoryUse(
        entries.stream().filter(entry -> touched.contains(entry.buffer())).toList(),
        peaks,
        generates);
  }

  private static boolean overlap(Buffer a, Buffer b) {
    return a.offset() < b.offset() + b.elements() && b.offset() < a.offset() + a.elements();
  }

  private static boolean lives(Buffer buffer, int kernel) {
    return buffer.firstUse() <= kernel && kernel <= buffer.lastUse();
  }

  private static List<Integer> numbers(Plan plan, Set<Program> programs) {
    return programs.stream()
        .flatMap(program -> plan.programs().getOrDefault(program, List.of()).stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static Set<Buffer> gradients(Plan plan) {
    Set<Buffer> gradients = new HashSet<>();
    plan.roots()
        .forEach((name, buffer) -> {
          if (name.startsWith(Planner.GRADIENT)) {
            gradients.add(buffer);
          }
        });
    return gradients;
  }

  private interface Held {
    Predicate<Buffer> at(int kernel);
  }

  private static Peak peak(String what, List<Integer> kernels, List<Buffer> buffers, Held held) {
    return kernels.stream()
        .map(kernel ->
            new Peak(
                what,
                kernel,
                buffers.stream()
                    .filter(held.at(kernel))
                    .sorted(Comparator.comparingLong(Buffer::elements).reversed())
                    .toList()))
        .reduce((first, second) -> second.floats() > first.floats() ? second : first)
        .orElseThrow();
  }

  // ------------------------------------------------------------ lines of the model

  /** Where the value of a buffer is written in the model: that of the first kernel that computes it. */
  private static Map<Buffer, Span> places(Plan plan, TypedModel model) {
    Map<Buffer, Span> places = new HashMap<>();
    model.inputs().stream()
        .filter(input -> plan.inputs().containsKey(input.name()))
        .forEach(input -> places.put(Known.in(plan.inputs(), input.name()), input.span()));
    for (Kernel kernel : plan.kernels()) {
      for (Kernel each : kernel.all().reversed()) { // what stands inside says it more exactly
        if (each instanceof Kernel.Loop loop) {
          loop.body().stores().forEach(store -> put(store.buffer(), store.node(), places));
          loop.product().ifPresent(head -> put(head.c(), head.node(), places));
        }
        each.head().writes().forEach(buffer -> put(buffer, each.head().subject(), places));
      }
    }
    return places;
  }

  private static void put(Buffer buffer, Node node, Map<Buffer, Span> places) {
    node.place().ifPresent(place -> places.putIfAbsent(buffer.root(), place));
  }
}
