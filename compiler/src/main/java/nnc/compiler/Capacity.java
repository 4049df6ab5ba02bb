package nnc.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;

/** Says what is too large, before anything is allocated. */
final class Capacity {
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 64;
  private static final int BYTES = Float.BYTES;

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
    double bytes =
        (double) BYTES
            * ((double) plan.parameterElements() + plan.stateElements() + plan.trainingMemory());
    long limit = Runtime.getRuntime().maxMemory();
    if (bytes > limit) {
      throw new CompileException(
          Diagnostic.at(model.span(), "memory", "the model needs more memory than Java may use")
              .note(
                  "parameters %s, optimizer %s, activations and gradients %s; Java may use %s"
                      .formatted(
                          size(plan.parameterElements()),
                          size(plan.stateElements()),
                          size(plan.trainingMemory()),
                          size(limit / BYTES)))
              .help(
                  "make the batch smaller, or give Java more: NNC_JAVA_OPTIONS=-Xmx%dg"
                      .formatted((long) Math.ceil(bytes * 1.25 / (1L << 30)))));
    }
  }

  private static String size(long floats) {
    double mebibytes = (double) BYTES * floats / (1 << 20);
    return mebibytes < 1024
        ? "%.0f MB".formatted(Math.ceil(mebibytes))
        : "%.1f GB".formatted(mebibytes / 1024);
  }
}
