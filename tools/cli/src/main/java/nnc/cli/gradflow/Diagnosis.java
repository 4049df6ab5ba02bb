package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the norms say, in words. */
final class Diagnosis {
  /** What is left of the gradient behind all layers, or all steps, where it has vanished, and where it has faded. */
  static final double LITTLE = 1e-2;

  static final double NEXT_TO_NOTHING = 1e-3;

  /** Below this factor a layer, or a step, gradients vanish: 1 % is left of them after nine. */
  static final double FALL = 0.6;

  /** From here on a layer, or a step, makes gradients explode, if there are enough of them. */
  static final double GROWTH = 2;

  private static final double MUCH = 10;
  private static final double VERY_MUCH = 1e2;
  private static final double MANY = 0.3;
  private static final double MOST = 0.5;

  private Diagnosis() {}

  static List<Finding> of(Flow flow) {
    LinkedHashSet<Finding> findings = new LinkedHashSet<>();
    List<List<Integer>> paths = List.of();
    for (int depth = 1; paths.isEmpty() && depth <= deepest(flow); depth++) {
      paths = paths(flow, depth);
    }
    paths.forEach(path -> depth(flow, path).ifPresent(findings::add));
    flow.loops().forEach(loop -> time(loop).ifPresent(findings::add));
    flow.values().forEach(value -> units(value).ifPresent(findings::add));
    return List.copyOf(findings);
  }

  // ------------------------------------------------------------ from layer to layer

  private static int deepest(Flow flow) {
    return flow.values().stream().mapToInt(Flow.Value::depth).max().orElse(0);
  }

  /**
   * To each value that no other is computed from, the longest way.
   *
   * @param depth of what counts: 1 for what the model itself names
   */
  private static List<List<Integer>> paths(Flow flow, int depth) {
    int count = flow.values().size();
    int[] length = new int[count];
    int[] before = new int[count];
    List<List<Integer>> paths = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      int own = row;
      Optional<Integer> best =
          flow.edges().stream()
              .filter(edge -> edge.to() == own && edge.from() < own)
              .map(Flow.Edge::from)
              .max(Comparator.comparingInt(from -> length[from]));
      before[row] = best.orElse(-1);
      length[row] =
          best.map(from -> length[from]).orElse(0)
              + (flow.values().get(row).depth() <= depth ? 1 : 0);
    }
    for (int row = 0; row < count; row++) {
      int own = row;
      if (flow.edges().stream().noneMatch(edge -> edge.from() == own)) {
        List<Integer> path = new ArrayList<>();
        for (int at = row; at >= 0; at = before[at]) {
          if (flow.values().get(at).depth() <= depth) {
            path.addFirst(at);
          }
        }
        if (path.size() > 1) {
          paths.add(path);
        }
      }
    }
    return paths;
  }

  private static Optional<Finding> depth(Flow flow, List<Integer> path) {
    Flow.Value first = flow.values().get(path.getFirst());
    Flow.Value last = flow.values().get(path.getLast());
    if (last.gradient() == 0) {
      return Optional.empty();
    }
    List<String> names = path.stream().map(row -> flow.values().get(row).name()).toList();
    if (first.gradient() == 0) {
      return Optional.of(
          new Finding(
              Finding.Kind.BLOCKED,
              Finding.Scope.DEPTH,
              names,
              "nothing of the gradient at "
                  + last.name()
                  + " comes back to "
                  + first.name()
                  + ": it is multiplied by zeros on the way"));
    }
    int layers = path.size() - 1;
    double total = first.gradient() / last.gradient();
    double factor = Math.pow(total, 1.0 / layers);
    Finding.Kind kind = kind(total, total, factor);
    String text =
        String.format(
            Locale.ROOT,
            "through %d layer%s the gradient is multiplied by %s at each, from %s at %s to %s at %s",
            layers,
            layers == 1 ? "" : "s",
            Numbers.factor(factor),
            Numbers.of(last.gradient()),
            last.name(),
            Numbers.of(first.gradient()),
            first.name());
    return Optional.of(new Finding(kind, Finding.Scope.DEPTH, names, text));
  }

  // ------------------------------------------------------------ from step to step

  private static Optional<Finding> time(Flow.Through loop) {
    double[] left = loop.left();
    int end = 0;
    int reach = 0;
    double most = 0;
    for (int back = 0; back < left.length; back++) {
      if (left[back] > 0) { // neither nothing nor unknown
        end = back;
        most = Math.max(most, left[back] / left[0]);
      }
      if (reach == 0 && left[back] < LITTLE * left[0]) {
        reach = back;
      }
    }
    if (!(left[0] > 0) || end == 0) {
      return left.length > 1 && left[0] > 0 && left[1] == 0
          ? Optional.of(
              finding(
                  loop,
                  Finding.Kind.VANISHING,
                  "nothing of the gradient goes back by even one step"))
          : Optional.empty();
    }
    double total = left[end] / left[0];
    double factor = Math.pow(total, 1.0 / end);
    String text =
        String.format(
            Locale.ROOT,
            "the gradient is multiplied by %s at each step back, from %s to %s over %d%s",
            Numbers.factor(factor),
            Numbers.of(left[0]),
            Numbers.of(left[end]),
            end,
            reach == 0
                ? ""
                : String.format(Locale.ROOT, "; less than 1%% is left after %d of them", reach));
    return Optional.of(finding(loop, kind(total, most, factor), text));
  }

  private static Finding finding(Flow.Through loop, Finding.Kind kind, String text) {
    return new Finding(
        kind, Finding.Scope.TIME, List.of(loop.name()), loop.name() + " through time: " + text);
  }

  /**
   * @param total what is left at the end
   * @param most what is left where it is most
   * @param factor from one to the next
   */
  private static Finding.Kind kind(double total, double most, double factor) {
    if (!Double.isFinite(total)
        || !Double.isFinite(most)
        || most > VERY_MUCH
        || factor >= GROWTH && most >= MUCH) {
      return Finding.Kind.EXPLODING;
    }
    if (total < LITTLE && factor < FALL) {
      return Finding.Kind.VANISHING;
    }
    return total < NEXT_TO_NOTHING ? Finding.Kind.FADING : Finding.Kind.HEALTHY;
  }

  // ------------------------------------------------------------ units

  private static Optional<Finding> units(Flow.Value value) {
    if (value.activation() == Tap.Activation.RELU && value.dead() >= MANY) {
      return Optional.of(
          new Finding(
              Finding.Kind.DEAD,
              Finding.Scope.UNITS,
              List.of(value.name()),
              String.format(
                  Locale.ROOT,
                  "%s: %.0f%% of the units are 0 in every row of the batch, and learn nothing",
                  value.name(),
                  100 * value.dead())));
    }
    if (value.saturated() >= MOST && !value.gate()) { // open or shut is what gates are there for
      return Optional.of(
          new Finding(
              Finding.Kind.SATURATED,
              Finding.Scope.UNITS,
              List.of(value.name()),
              String.format(
                  Locale.ROOT,
                  "%s: %.0f%% of what it gives lies where the slope of %s is below a tenth of its largest",
                  value.name(),
                  100 * value.saturated(),
                  value.activation().name().toLowerCase(Locale.ROOT))));
    }
    return Optional.empty();
  }
}
