package nnc.compiler.inspect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Nearest;
import nnc.runtime.Turn;

/** The part of a model that is looked at. */
public sealed interface Focus {
  /** Which nodes of a graph belong to it, those of bodies among them. */
  Set<Node> nodes(Graph graph);

  /** Whether a layer belongs to it. */
  default boolean holds(String layer) {
    return true;
  }

  /** Everything. */
  record Whole() implements Focus {
    @Override
    public Set<Node> nodes(Graph graph) {
      return new LinkedHashSet<>(new NodeIds(graph).nodes());
    }
  }

  /** What is computed inside of a layer, and the gradients of that. @param path with no turns of repeats in it */
  record Layer(String path) implements Focus {
    @Override
    public Set<Node> nodes(Graph graph) {
      Set<Node> nodes = new LinkedHashSet<>();
      for (Node node : new NodeIds(graph).nodes()) {
        if (node.layers().stream().anyMatch(this::holds)) {
          nodes.add(node);
        }
      }
      return nodes;
    }

    @Override
    public boolean holds(String layer) {
      return layer.equals(path) || layer.startsWith(path + ".");
    }
  }

  /**
   * The way from the loss to the gradient of a parameter; in a graph without gradients the way from the parameter to the loss.
   *
   * @param path as the graph has it
   */
  record Parameter(String path) implements Focus {
    @Override
    public Set<Node> nodes(Graph graph) {
      Node gradient = graph.roots().get(Planner.GRADIENT + path);
      if (gradient != null) {
        Set<Node> way = needed(List.of(gradient), node -> node.gradientOf().isPresent());
        way.add(gradient);
        return way;
      }
      Node loss = graph.roots().get("loss");
      if (loss == null) {
        return Set.of();
      }
      Set<Node> way = reached(graph);
      way.retainAll(needed(List.of(loss), _ -> true));
      return way;
    }

    /** What the parameter has an influence on. */
    private Set<Node> reached(Graph graph) {
      Set<Node> reached = new LinkedHashSet<>();
      graph.nodes().stream()
          .filter(
              node -> node.op() instanceof Variable variable && variable.variable().equals(path))
          .forEach(reached::add);
      reach(graph.nodes(), reached);
      return reached;
    }
  }

  /** Kernels that compute one of the nodes, or hold one that does. */
  static Predicate<Kernel> kernels(Set<Node> nodes) {
    return kernel -> kernel.values().stream().anyMatch(nodes::contains);
  }

  // ------------------------------------------------------------ names

  /** @throws CompileException if the model has no such layer */
  static Focus layer(String name, TypedModel model, Graph graph) {
    Map<String, String> known = new TreeMap<>();
    for (Node node : new NodeIds(graph).nodes()) {
      for (String layer : node.layers()) {
        for (int end = layer.indexOf('.'); end >= 0; end = layer.indexOf('.', end + 1)) {
          known.put(layer.substring(0, end), layer.substring(0, end));
        }
        known.put(layer, layer);
      }
    }
    Set<String> shown = new LinkedHashSet<>(known.keySet());
    model.parameters().forEach(parameter -> turns(parameter).forEach(known::putIfAbsent));
    known.values().retainAll(shown);
    String path = known.get(name);
    if (path == null) {
      throw unknown("layer", name, model, known.keySet(), shown);
    }
    return new Layer(path);
  }

  /** The layers around a parameter of each turn of a repeat, and the one layer that all turns are. */
  private static Map<String, String> turns(TypedModel.Parameter parameter) {
    Map<String, String> layers = new LinkedHashMap<>();
    String shown = TypedModel.shown(parameter.path());
    for (Turn turn : parameter.turns()) {
      String own = turn.path();
      String all = shown;
      while (own.contains(".") && all.contains(".")) {
        own = own.substring(0, own.lastIndexOf('.'));
        all = all.substring(0, all.lastIndexOf('.'));
        layers.put(own, all);
      }
    }
    return layers;
  }

  /** @throws CompileException if the model trains no such parameter */
  static Focus parameter(String name, TypedModel model) {
    Map<String, String> known = new LinkedHashMap<>();
    Set<String> shown = new LinkedHashSet<>();
    for (TypedModel.Parameter parameter : model.parameters()) {
      if (!parameter.buffer()) {
        shown.add(TypedModel.shown(parameter.path()));
        known.put(parameter.path(), parameter.path());
        known.put(TypedModel.shown(parameter.path()), parameter.path());
        parameter.turns().forEach(turn -> known.put(turn.path(), parameter.path()));
      }
    }
    String path = known.get(name);
    if (path == null) {
      throw unknown("parameter", name, model, known.keySet(), shown);
    }
    return new Parameter(path);
  }

  private static CompileException unknown(
      String kind, String name, TypedModel model, Collection<String> known, Set<String> shown) {
    Diagnostic problem =
        Diagnostic.of("name", "the model '" + model.name() + "' has no " + kind + " '" + name + "'")
            .note(
                shown.isEmpty()
                    ? "it has no " + kind + " at all"
                    : kind + "s: " + String.join(", ", shown));
    return new CompileException(
        Nearest.to(name, known)
            .map(near -> problem.help("did you mean '" + near + "'?"))
            .orElse(problem));
  }

  // ------------------------------------------------------------ ways through a graph

  /**
   * What values are made of, themselves included, as far as nodes are followed. Of a recurrence it is what its results that
   * are read need, at any step.
   *
   * @param followed of nodes outside of bodies
   */
  private static Set<Node> needed(Collection<Node> wanted, Predicate<Node> followed) {
    Map<Node, Node> recurrenceOf = new HashMap<>();
    Set<Node> seen = new LinkedHashSet<>();
    Deque<Node> open = new ArrayDeque<>(wanted);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!recurrenceOf.containsKey(node) && !followed.test(node) || !seen.add(node)) {
        continue;
      }
      List<Node> read = new ArrayList<>(node.inputs());
      if (node.op() instanceof Result result) {
        Node recurrence = node.input(0);
        Recur recur = (Recur) recurrence.op();
        recur.body().nodes().forEach(inner -> recurrenceOf.put(inner, recurrence));
        seen.add(recurrence);
        read = List.of(recur.body().node(result.value()));
      } else if (node.op() instanceof Slot slot) {
        Node recurrence = Known.in(recurrenceOf, node);
        Recur recur = (Recur) recurrence.op();
        read.add(recurrence.input(recur.input(slot)));
        if (slot.role() == Slot.Role.PREVIOUS) {
          read.add(recur.body().node(recur.next().get(slot.number())));
        }
      }
      read.forEach(open::push);
    }
    return seen;
  }

  /** Adds what is computed from nodes, through recurrences and their states. @param nodes inputs before users */
  private static void reach(List<Node> nodes, Set<Node> reached) {
    for (Node node : nodes) {
      if (node.op() instanceof Recur recur) {
        if (reachInside(node, recur, reached)) {
          reached.add(node);
        }
      } else if (node.op() instanceof Result result) {
        Recur recur = (Recur) node.input(0).op();
        if (reached.contains(recur.body().node(result.value()))) {
          reached.add(node);
        }
      } else if (node.inputs().stream().anyMatch(reached::contains)) {
        reached.add(node);
      }
    }
  }

  private static boolean reachInside(Node node, Recur recur, Set<Node> reached) {
    List<Node> body = recur.body().nodes();
    int before = -1;
    while (before < reached.size()) { // a state may be reached by way of the step before
      before = reached.size();
      for (Node inner : body) {
        if (inner.op() instanceof Slot slot) {
          boolean state =
              slot.role() == Slot.Role.PREVIOUS
                  && reached.contains(body.get(recur.next().get(slot.number())));
          if (state || reached.contains(node.input(recur.input(slot)))) {
            reached.add(inner);
          }
        }
      }
      reach(body, reached);
    }
    return body.stream().anyMatch(reached::contains);
  }
}
