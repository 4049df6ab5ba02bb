package nnc.cli.gradflow;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A loss or gradients of which no number is left to judge.
 *
 * @param what is not finite: {@code the loss and its gradients are}
 * @param since which is the first that is not, in the order of computation
 */
record NotFinite(String what, String since) {
  /** A loss that is not finite, or a gradient by a parameter. */
  static Optional<NotFinite> in(Flow flow) {
    boolean loss = Double.isFinite(flow.loss());
    boolean gradients =
        flow.weights().stream().allMatch(weights -> Double.isFinite(weights.gradient()));
    if (loss && gradients) {
      return Optional.empty();
    }
    String what =
        loss ? "gradients are" : gradients ? "the loss is" : "the loss and its gradients are";
    String since =
        loss
            ? ", the first of them " + firstGradient(flow)
            : firstValue(flow)
                .map(first -> ", and before " + (gradients ? "it " : "them ") + first)
                .orElse(", though every value above is: it is made between them and the loss");
    return Optional.of(new NotFinite(what, since));
  }

  /** Forward: a parameter, else the first value. */
  private static Optional<String> firstValue(Flow flow) {
    Stream<String> parameters =
        flow.weights().stream()
            .filter(weights -> !Double.isFinite(weights.size()))
            .map(weights -> "the parameter " + weights.path());
    Stream<String> values =
        flow.values().stream()
            .filter(value -> !Double.isFinite(value.size()))
            .map(value -> "the value " + value.name());
    return Stream.concat(parameters, values).findFirst();
  }

  /** Backward: the last value, since gradients are computed from there to the first; else a parameter. */
  private static String firstGradient(Flow flow) {
    Stream<String> values =
        flow.values().reversed().stream()
            .filter(value -> !Double.isFinite(value.gradient()))
            .map(value -> "the gradient by " + value.name());
    Stream<String> parameters =
        flow.weights().reversed().stream()
            .filter(weights -> !Double.isFinite(weights.gradient()))
            .map(weights -> "the gradient by the parameter " + weights.path());
    return Stream.concat(values, parameters).findFirst().orElseThrow();
  }

  /** @param file of the model */
  List<String> lines(String file) {
    return List.of(
        "not finite: " + what + " not finite" + since,
        "  nnc train " + file + " --trap nan stops at the kernel that makes the first such number");
  }
}
