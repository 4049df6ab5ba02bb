package nnc.compiler;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.MemoryNeed;

/** Says what is too large, before anything is allocated. */
final class Capacity {
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 64;

  private Capacity() {}

  /** Every tensor, and all parameters together, must fit an array. */
  static void check(Graph graph, TypedModel model) {
    List<Diagnostic> problems = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (elements(node) > MOST_ELEMENTS) {
        Diagnostic problem =
            node.place()
                .map(place ->
                    Diagnostic.at(
                        place, "memory", "a tensor here has more elements than an array can hold"))
                .orElseGet(() ->
                    Diagnostic.of("memory", "a tensor has more elements than an array can hold"));
        problems.add(
            problem
                .note(
                    named(node)
                        + " has the shape "
                        + node.shape()
                        + ", at most "
                        + MOST_ELEMENTS
                        + " elements are possible")
                .help("make a dim smaller"));
        break; // what is computed from it is too large as well
      }
    }
    double all =
        model.parameters().stream()
            .mapToDouble(parameter -> (double) parameter.shape().elements().maximum())
            .sum();
    if (problems.isEmpty() && all > MOST_ELEMENTS) {
      problems.add(
          Diagnostic.at(
                  model.span(),
                  "memory",
                  "the parameters have more elements than an array can hold")
              .note("%.3g elements, at most %d are possible".formatted(all, MOST_ELEMENTS)));
    }
    if (!problems.isEmpty()) {
      throw new CompileException(problems);
    }
  }

  /** A value as the author knows it: by its name, or as it is written. */
  private static String named(Node node) {
    String written =
        node.label()
            .or(() -> node.place().map(place -> place.text().strip()))
            .map(text -> "'" + text + "'")
            .orElse("a value");
    return node.gradientOf().isPresent() ? "what the gradient of " + written + " needs" : written;
  }

  private static long elements(Node node) {
    try {
      return node.shape().elements().maximum();
    } catch (ArithmeticException tooMany) {
      return Long.MAX_VALUE;
    }
  }

  /** Plans a model whose values may be too many together: offsets are ints, computed exactly. */
  static Plan guarded(TypedModel model, Supplier<Plan> planning) {
    try {
      return planning.get();
    } catch (ArithmeticException overflow) {
      throw new CompileException(
          Diagnostic.at(
                  model.span(),
                  "memory",
                  "the values of a training step are more than an array can hold")
              .note(
                  "at most "
                      + MOST_ELEMENTS
                      + " elements are possible, activations and gradients together")
              .help("make the batch smaller, or the sizes of the model"));
    }
  }

  /** A session that trains must fit the memory that Java may use. */
  static void checkMemory(TypedModel model, Plan plan) {
    MemoryNeed need =
        new MemoryNeed(plan.parameterElements(), plan.stateElements(), plan.trainingMemory());
    if (need.bytes() > Runtime.getRuntime().maxMemory() / 2) { // to ask for pools takes a while
      requireRoom(model, need, Heap.ofJava());
    }
  }

  static void requireRoom(TypedModel model, MemoryNeed need, Heap heap) {
    if (need.bytes() > heap.all() || need.largestArray() > heap.array()) {
      String array =
          heap.array() < heap.all()
              ? ", " + MemoryNeed.size(heap.array()) + " of it for large arrays"
              : "";
      throw new CompileException(
          Diagnostic.at(model.span(), "memory", "the model needs more memory than Java may use")
              .note(need.text() + "; Java may use " + MemoryNeed.size(heap.all()) + array)
              .help(need.help("NNC_JAVA_OPTIONS=")));
    }
  }

  /**
   * What Java may use, in bytes.
   *
   * @param array of one array: collectors with generations keep large arrays in the largest of their pools alone
   */
  record Heap(long all, long array) {
    static Heap ofJava() {
      long all = Runtime.getRuntime().maxMemory();
      long array =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .mapToLong(pool -> pool.getUsage().getMax()) // -1: none of its own
              .max()
              .orElse(all);
      return new Heap(all, array > 0 ? Math.min(array, all) : all);
    }
  }
}
