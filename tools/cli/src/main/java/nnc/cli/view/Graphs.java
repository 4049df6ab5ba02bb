package nnc.cli.view;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import nnc.cli.view.PageData.Role;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.Span;

/** The values of a stage, those in the bodies of recurrences among them. */
final class Graphs {
  private final Origins origins;

  /** Where inputs and parameters are declared. */
  private final Map<Variable, Span> declared = new HashMap<>();

  private List<PageData.Node> items = new ArrayList<>();
  private Map<Node, Integer> numbers = new HashMap<>();
  private Map<Node, Set<String>> asked = new HashMap<>();

  Graphs(Origins origins, TypedModel model) {
    this.origins = origins;
    model.inputs().forEach(input -> declared.put((Variable) input.node().op(), input.span()));
    model.parameters().forEach(parameter -> declared.put(parameter.variable(), parameter.span()));
  }

  /** @param graphs the first is that of the model; another is the optimizer's */
  PageData.Stage stage(String name, Graph... graphs) {
    items = new ArrayList<>();
    numbers = new HashMap<>();
    asked = new HashMap<>();
    Role role = Role.FORWARD;
    for (Graph graph : graphs) {
      graph
          .roots()
          .forEach(
              (root, node) -> asked.computeIfAbsent(node, ignored -> new TreeSet<>()).add(root));
      add(graph.nodes(), role, Optional.empty(), new HashMap<>());
      role = Role.UPDATE;
    }
    return new PageData.Stage(name, List.copyOf(items));
  }

  /** The place of a node in the list of the last stage. */
  Optional<Integer> number(Node node) {
    return Optional.ofNullable(numbers.get(node));
  }

  /** The nodes of the last stage. */
  Collection<Node> nodes() {
    return numbers.keySet();
  }

  private void add(
      List<Node> nodes, Role role, Optional<Integer> parent, Map<Node, Integer> given) {
    Map<Node, Integer> known = new HashMap<>(given);
    Map<Node, Map<Node, Integer>> bodies = new LinkedHashMap<>();
    for (Node node : nodes) {
      Role own = role == Role.FORWARD && node.gradientOf().isPresent() ? Role.GRADIENT : role;
      List<Integer> inputs =
          node.op() instanceof Result result
              ? List.of(Known.in(Known.in(bodies, node.input(0)), value(node, result)))
              : node.op() instanceof Slot
                  ? List.of(Known.in(given, node))
                  : node.inputs().stream().map(input -> Known.in(known, input)).toList();
      int number = add(node, own, parent, inputs);
      known.put(node, number);
      if (node.op() instanceof Recur recur) {
        bodies.put(node, body(node, recur, own, number, known));
      }
    }
    given.putAll(known);
  }

  private static Node value(Node node, Result result) {
    return ((Recur) node.input(0).op()).body().node(result.value());
  }

  /** Adds a body: its slots read what the recurrence is given. */
  private Map<Node, Integer> body(
      Node node, Recur recur, Role role, int number, Map<Node, Integer> outside) {
    Map<Node, Integer> inside = new HashMap<>();
    for (Node each : recur.body().nodes()) {
      if (each.op() instanceof Slot slot) {
        inside.put(each, Known.in(outside, node.input(recur.input(slot))));
      }
    }
    add(recur.body().nodes(), role, Optional.of(number), inside);
    for (int state = 0; state < recur.states(); state++) {
      Optional<Node> slot = recur.body().slot(Slot.Role.PREVIOUS, state);
      int next = Known.in(inside, recur.body().node(recur.next().get(state)));
      slot.map(each -> Known.in(inside, each))
          .ifPresent(each -> items.set(each, withNext(items.get(each), next)));
    }
    return inside;
  }

  private int add(Node node, Role role, Optional<Integer> parent, List<Integer> inputs) {
    int number = items.size();
    numbers.put(node, number);
    items.add(
        new PageData.Node(
            name(node),
            GraphPrinter.op(node),
            node.type().toString(),
            role,
            origin(node),
            node.constantValue().isPresent(),
            node.op() instanceof Recur,
            inputs,
            parent,
            Optional.empty(),
            node.gradientOf().map(numbers::get),
            List.copyOf(asked.getOrDefault(node, Set.of()))));
    return number;
  }

  private static String name(Node node) {
    return node.label()
        .orElse(
            node.op() instanceof Variable variable ? TypedModel.shown(variable.variable()) : "");
  }

  private int origin(Node node) {
    if (node.op() instanceof Variable variable && declared.containsKey(variable)) {
      Set<Span> places = new TreeSet<>(node.spans());
      places.add(Known.in(declared, variable));
      return origins.origin(places);
    }
    return origins.origin(node);
  }

  private static PageData.Node withNext(PageData.Node state, int next) {
    return new PageData.Node(
        state.name(),
        state.op(),
        state.type(),
        state.role(),
        state.origin(),
        state.constant(),
        state.loop(),
        state.inputs(),
        state.parent(),
        Optional.of(next),
        state.of(),
        state.roots());
  }
}
