package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Select;
import nnc.compiler.ir.op.Sigmoid;
import nnc.compiler.ir.op.Tanh;
import nnc.runtime.Turn;

/**
 * Which values of a model are looked at: what layers give, what the model itself names on the way to its loss, what recurrences
 * hand from step to step, and the gates that have names.
 */
final class Taps {
  private final Set<String> named;
  private final int depth;
  private final Map<String, String> patterns;
  private final Map<Node, Set<Tap.Source>> sources = new HashMap<>();
  private final Map<Node, Node> carriedFrom = new LinkedHashMap<>();
  private final Map<Node, Tap> found = new LinkedHashMap<>();

  /**
   * @param named what the model's own text gives names to
   * @param depth of what is looked at inside of layers; states are looked at in any depth
   * @param parameters paths of all parameters
   */
  private Taps(Set<String> named, int depth, List<String> parameters) {
    this.named = named;
    this.depth = depth;
    this.patterns = patterns(parameters);
  }

  /** The values in the order of the model, by their nodes in a graph or its bodies. */
  static Map<Node, Tap> of(Graph graph, Set<String> named, int depth, List<String> parameters) {
    Taps taps = new Taps(named, depth, parameters);
    taps.walk(Graph.needed(List.of(graph.root("loss"))), List.of());
    taps.resolveCarried();
    return taps.withoutHead();
  }

  /** The paths of layers whose turns have parts of their own, by the same without stars. */
  private static Map<String, String> patterns(List<String> parameters) {
    Map<String, String> patterns = new HashMap<>();
    for (String parameter : parameters) {
      for (int end = parameter.lastIndexOf('.');
          end > 0;
          end = parameter.lastIndexOf('.', end - 1)) {
        String path = parameter.substring(0, end);
        if (path.contains(Turn.ANY)) {
          patterns.putIfAbsent(Names.shown(path), path);
        }
      }
    }
    return patterns;
  }

  // ------------------------------------------------------------ through the graph

  private void walk(List<Node> nodes, List<Tap.Loop> loops) {
    for (Node node : nodes) {
      if (node.op() instanceof Recur recur) {
        List<Tap.Loop> inner = new ArrayList<>(loops);
        inner.add(new Tap.Loop(node, recur, isRepeat(node, recur, loops)));
        walk(recur.body().nodes(), inner);
      }
      Set<Tap.Source> below = below(node, loops);
      Optional<Tap> tap = below.isEmpty() ? Optional.empty() : tap(node, loops, below);
      tap.ifPresent(each -> found.put(node, each));
      sources.put(
          node, tap.map(each -> Set.of(new Tap.Source(each.number(), false))).orElse(below));
    }
  }

  private Set<Tap.Source> below(Node node, List<Tap.Loop> loops) {
    Set<Tap.Source> below = new LinkedHashSet<>();
    switch (node.op()) {
      case Variable variable when variable.kind() == Variable.Kind.PARAMETER ->
          below.add(new Tap.Source(Tap.PARAMETER, false));
      case Slot slot -> {
        Tap.Loop loop = loops.getLast();
        below.addAll(of(loop.recurrence().input(loop.recur().input(slot))));
        if (slot.role() == Slot.Role.PREVIOUS && loop.turns()) {
          carriedFrom.put(node, loop.recur().body().node(loop.recur().next().get(slot.number())));
          below.add(new Tap.Source(marker(node), true));
        }
      }
      case Result result ->
          below.addAll(of(((Recur) node.input(0).op()).body().node(result.value())));
      default -> node.inputs().forEach(input -> below.addAll(of(input)));
    }
    return below;
  }

  private Set<Tap.Source> of(Node node) {
    return sources.getOrDefault(node, Set.of());
  }

  /** Stands for what a state is after a step, as long as that is not known. */
  private int marker(Node slot) {
    return -2 - List.copyOf(carriedFrom.keySet()).indexOf(slot);
  }

  private void resolveCarried() {
    List<Node> slots = List.copyOf(carriedFrom.keySet());
    found.replaceAll((node, tap) -> {
      Set<Tap.Source> below = new LinkedHashSet<>();
      for (Tap.Source source : tap.below()) {
        if (source.tap() >= Tap.PARAMETER) {
          below.add(source);
        } else {
          of(Known.in(carriedFrom, slots.get(-2 - source.tap()))).stream()
              .filter(each -> each.tap() >= 0)
              .forEach(each -> below.add(new Tap.Source(each.tap(), true)));
        }
      }
      return with(tap, tap.alias(), below);
    });
  }

  private static Tap with(Tap tap, String alias, Set<Tap.Source> below) {
    return new Tap(
        tap.number(),
        tap.path(),
        alias,
        tap.depth(),
        tap.node(),
        tap.loops(),
        tap.state(),
        tap.activation(),
        below);
  }

  /** A loop over turns reads tensors that hold the parameters of all turns. */
  private static boolean isRepeat(Node node, Recur recur, List<Tap.Loop> around) {
    long stars = around.stream().filter(Tap.Loop::turns).count();
    for (int i = 0; i < recur.sequences(); i++) {
      Node origin = origin(node.input(recur.states() + i), around);
      if (origin.op() instanceof Variable variable
          && variable.variable().chars().filter(c -> c == Turn.ANY.charAt(0)).count() > stars) {
        return true;
      }
    }
    return false;
  }

  private static Node origin(Node node, List<Tap.Loop> loops) {
    Node moved = node;
    while (isMoved(moved)) {
      moved = moved.input(0);
    }
    if (moved.op() instanceof Slot slot && slot.role() != Slot.Role.PREVIOUS) {
      Tap.Loop loop = loops.getLast();
      return origin(
          loop.recurrence().input(loop.recur().input(slot)), loops.subList(0, loops.size() - 1));
    }
    return moved;
  }

  private static boolean isMoved(Node node) {
    return node.op() instanceof Reshape
        || node.op() instanceof Permute
        || node.op() instanceof Slice;
  }

  // ------------------------------------------------------------ what is looked at

  private Optional<Tap> tap(Node node, List<Tap.Loop> loops, Set<Tap.Source> below) {
    if (node.type().element() != ElementType.F32
        || node.shape().rank() == 0
        || node.op() instanceof Variable
        || node.op() instanceof Slot
        || node.op() instanceof Result
        || node.label().isEmpty()
        || node.gradientOf().isPresent()) { // of a gradient that the model itself takes
      return Optional.empty();
    }
    String label = node.label().get();
    String scope = label.contains(".") ? label.substring(0, label.lastIndexOf('.') + 1) : "";
    int level = (int) scope.chars().filter(c -> c == '.').count() + 1;
    boolean state = !loops.isEmpty() && !loops.getLast().turns() && isHandedOn(node, loops);
    Optional<String> layer = layer(node, scope);
    boolean wanted =
        layer.isPresent() && (!isMoved(node) || readsTime(node, loops))
            || named.contains(label) && !isMoved(node)
            || scope.length() > 0 && activation(node) != Tap.Activation.OTHER;
    if (!state && (!wanted || level > depth)) {
      return Optional.empty();
    }
    String path = layer.orElse(label);
    return Optional.of(
        new Tap(
            found.size(),
            loops.stream().anyMatch(Tap.Loop::turns) ? pattern(path) : path,
            path.equals(label) ? "" : label.substring(scope.length()),
            level,
            node,
            loops,
            state,
            activation(node),
            below));
  }

  private static boolean isHandedOn(Node node, List<Tap.Loop> loops) {
    Recur recur = loops.getLast().recur();
    return recur.next().stream().anyMatch(next -> recur.body().node(next) == node);
  }

  /** The layer directly inside of a scope that gives this value. */
  private static Optional<String> layer(Node node, String scope) {
    return node.layers().stream()
        .filter(path -> path.startsWith(scope))
        .map(path -> path.substring(scope.length()).split("\\.", 2)[0])
        .filter(Predicate.not(String::isEmpty))
        .map(scope::concat)
        .findFirst();
  }

  /** Whether this is all steps of a recurrence, in another order; of a repeat it is the last turn's value again. */
  private static boolean readsTime(Node node, List<Tap.Loop> loops) {
    Node moved = node;
    while (isMoved(moved)) {
      moved = moved.input(0);
    }
    return moved.op() instanceof Result
        && !isRepeat(moved.input(0), (Recur) moved.input(0).op(), loops);
  }

  private static Tap.Activation activation(Node node) {
    return switch (node.op()) {
      case Sigmoid ignored -> Tap.Activation.SIGMOID;
      case Tanh ignored -> Tap.Activation.TANH;
      case Maximum ignored when node.inputs().stream().anyMatch(each -> each.isConstant(0)) ->
          Tap.Activation.RELU;
      case Select ignored -> activation(node.input(1)); // where a step counts
      default -> Tap.Activation.OTHER;
    };
  }

  private String pattern(String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
      String pattern = patterns.get(path.substring(0, end));
      if (pattern != null) {
        return pattern + path.substring(end);
      }
    }
    return path;
  }

  /** What is behind the last parameters is part of the loss, unless a layer gives it. */
  private Map<Node, Tap> withoutHead() {
    Set<Integer> wanted = new HashSet<>();
    List<Tap> taps = new ArrayList<>(found.values());
    taps.sort(Comparator.comparingInt(Tap::number).reversed());
    for (int before = -1; before < wanted.size(); ) {
      before = wanted.size();
      for (Tap tap : taps) {
        if (tap.readsParameters() || tap.state() || wanted.contains(tap.number())) {
          wanted.add(tap.number());
          tap.below().forEach(source -> wanted.add(source.tap()));
        }
      }
    }
    Map<Node, Tap> kept = new LinkedHashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    found.forEach((node, tap) -> {
      if (wanted.contains(tap.number())) {
        int again = seen.merge(tap.path() + " " + tap.alias(), 1, Integer::sum);
        String alias = again == 1 ? tap.alias() : (tap.alias() + " call " + again).strip();
        kept.put(node, with(tap, alias, tap.below()));
      }
    });
    return kept;
  }
}
