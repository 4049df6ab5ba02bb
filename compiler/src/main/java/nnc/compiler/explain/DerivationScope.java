package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.op.Add;
import org.jspecify.annotations.Nullable;

/** The lines for the nodes of one graph: that of the model, or the body of a recurrence. */
final class DerivationScope {
  /** What gradients are called in the graph, and what lies between a value's gradient and that of its operand. */
  private static final String GRADIENT = "d_";

  private static final String BETWEEN = "delta_";

  /** The mark of what a step of a gradient hands back to the step before. */
  private static final String HANDED_BACK = "⁺";

  private final Derivation derivation;
  private final List<Node> nodes;
  private final Formulas formulas;
  private final int depth;

  /** What values are called: their labels, or those of a node that only shows them in other places. */
  private final Map<Node, String> labels = new HashMap<>();

  /** Values whose names are settled: the states of a recurrence. */
  private final Map<Node, Formula.Name> settled = new HashMap<>();

  private final Map<Node, Formula.Name> names = new LinkedHashMap<>();
  private final Map<Node, Set<Node>> users = new HashMap<>();
  private final Map<Node, Set<String>> rules = new HashMap<>();

  /** The bodies of the recurrences among the nodes, and what their values are called. */
  private final Map<Node, DerivationScope> bodies = new HashMap<>();

  /** In a body: the step that a value's name is to carry. */
  private final String step;

  /** In the body of a gradient: what the values of the forward body are called. */
  private final Map<String, String> forwardNames;

  private final Map<String, String> ownNames = new HashMap<>();

  private DerivationScope(
      Derivation derivation,
      List<Node> nodes,
      Map<Node, Formula> given,
      int depth,
      Map<String, String> forwardNames) {
    this.derivation = derivation;
    this.nodes = nodes;
    this.formulas = new Formulas(given);
    this.depth = depth;
    this.step = depth == 0 ? "" : "t";
    this.forwardNames = forwardNames;
    for (Node node : nodes) {
      node.label().ifPresent(label -> labels.putIfAbsent(Formulas.base(node), label));
      if (Formulas.base(node) == node) {
        node.inputs()
            .forEach(input ->
                users
                    .computeIfAbsent(Formulas.base(input), ignored -> new LinkedHashSet<>())
                    .add(node));
      }
    }
  }

  static DerivationScope outer(Derivation derivation, List<Node> nodes) {
    return new DerivationScope(derivation, nodes, Map.of(), 0, Map.of());
  }

  void run() {
    for (Node node : nodes) {
      rules.put(node, inlined(node));
      if (node.op() instanceof Recur recur) {
        recurrence(node, recur);
      } else if (node.op() instanceof Result result) {
        Formula all = atAllSteps(node, result);
        formulas.give(node, all);
        if (!(all instanceof Formula.Name) && !isSummed(node, labels.getOrDefault(node, ""))) {
          define(node);
        }
      } else if (!(node.op() instanceof Leaf) && Formulas.base(node) == node) {
        define(node);
      }
    }
  }

  Derivation.Result result(String parameter, Node gradient) {
    Map<Node, Formula> values = new HashMap<>();
    names.forEach((node, name) -> {
      if (!name.gradient()) {
        values.put(node, name);
      }
    });
    nodes.stream()
        .filter(node -> node.op() instanceof Result)
        .forEach(node -> values.put(node, formulas.of(node)));
    Node base = Formulas.base(gradient);
    return new Derivation.Result(
        new Formula.Name(parameter, false, "", false),
        formulas.written(base),
        new Formulas(values).of(base));
  }

  // ------------------------------------------------------------ lines

  private void define(Node node) {
    Formula formula = formulas.of(node);
    if (isMadeAgain(node)) {
      formulas.name(
          node,
          new Formula.Name(
              forwardName(labels.getOrDefault(node, "")), false, step, node.shape().rank() == 0));
      return;
    }
    if (formula instanceof Formula.Number || formula instanceof Formula.Name && !isGradient(node)) {
      return; // nothing, or another name for the same
    }
    Optional<Formula.Name> name =
        Optional.ofNullable(settled.get(node)).or(() -> name(node, formula));
    if (name.isEmpty()) {
      return;
    }
    derivation.add(
        new Line.Equation(
            depth,
            name.get(),
            formula,
            node.shape().toString(),
            List.copyOf(Known.in(rules, node)),
            node.place()),
        isGradient(node));
    formulas.name(node, name.get());
    names.put(node, name.get());
    rules.put(node, Set.of());
  }

  private Optional<Formula.Name> name(Node node, Formula formula) {
    String label = labels.get(node);
    boolean gradient = isGradient(node);
    boolean scalar = node.shape().rank() == 0;
    if (label != null && !label.startsWith(BETWEEN) && !isShare(node, label)) {
      return Optional.of(new Formula.Name(called(label, gradient), gradient, step, scalar));
    }
    boolean flows = gradient && formula.names().anyMatch(Formula.Name::gradient);
    int least = flows ? Derivation.SMALLEST_GRADIENT : Derivation.SMALLEST_VALUE;
    if (users.getOrDefault(node, Set.of()).size() < 2 || formula.size() < least) {
      return Optional.empty();
    }
    String text = flows ? between(node, formula) : derivation.unique("u");
    return Optional.of(new Formula.Name(text, flows, step, scalar));
  }

  /** What flows between a value and its operand, or the sum of all that a state receives. */
  private String between(Node node, Formula formula) {
    Optional<String> state =
        formula instanceof Formula.Sum
            ? formula
                .parts()
                .flatMap(Formula::names)
                .map(Formula.Name::text)
                .filter(text -> text.endsWith(HANDED_BACK))
                .findFirst()
            : Optional.empty();
    if (state.isPresent() && node.op() instanceof Add) {
      return state.get().substring(0, state.get().length() - HANDED_BACK.length());
    }
    Optional<String> between =
        Optional.ofNullable(labels.get(node))
            .filter(label -> label.startsWith(BETWEEN))
            .map(label -> label.substring(BETWEEN.length()));
    return between
        .or(() -> node.gradientOf().flatMap(Node::label))
        .map(of -> derivation.unique(forwardName(of) + "*"))
        .orElseGet(() -> derivation.unique("u"));
  }

  private String forwardName(String label) {
    return forwardNames.getOrDefault(label, label);
  }

  private String called(String label, boolean gradient) {
    if (!gradient) {
      String own = derivation.unique(label);
      ownNames.put(label, own);
      return own;
    }
    String of = label.startsWith(GRADIENT) ? label.substring(GRADIENT.length()) : label;
    String known = forwardNames.get(of);
    return known != null ? known : derivation.uniqueGradient(of);
  }

  /** A value of the forward body that the gradient's computes once more. */
  private boolean isMadeAgain(Node node) {
    String label = labels.getOrDefault(node, GRADIENT);
    return isGradient(node)
        && forwardNames.containsKey(label)
        && !label.startsWith(GRADIENT)
        && !label.startsWith(BETWEEN);
  }

  private static boolean isGradient(Node node) {
    return node.gradientOf().isPresent();
  }

  /** One of several shares of a gradient, which are added. */
  private boolean isShare(Node node, String label) {
    Set<Node> readers = users.getOrDefault(node, Set.of());
    return readers.stream()
        .anyMatch(
            reader -> reader.op() instanceof Add && labels.getOrDefault(reader, "").equals(label));
  }

  /** The rules that a node stands for, and those of the nodes that are written out in it. */
  private Set<String> inlined(Node node) {
    Set<String> all = new LinkedHashSet<>();
    if (node.op() instanceof Recur) {
      return all;
    }
    for (Node input : node.inputs()) {
      if (isGradient(input) || input.op() instanceof Result) {
        all.addAll(rules.getOrDefault(input, Set.of()));
      }
    }
    if (node.op() instanceof Result result && bodies.containsKey(node.input(0))) {
      DerivationScope body = Known.in(bodies, node.input(0));
      all.addAll(body.rules.getOrDefault(value(node, result), Set.of()));
    }
    node.gradientOf()
        .filter(of -> isRule(of, node))
        .ifPresent(of -> {
          derivation.apply(of);
          all.add(of.op().name());
        });
    return all;
  }

  /** Whether the gradient rule of a node is one that a formula shows. */
  private static boolean isRule(Node forward, Node gradient) {
    return switch (forward.op()) {
      case Recur ignored -> false;
      case Reshape ignored -> false;
      case Permute ignored -> false;
      case Broadcast ignored -> gradient.op() instanceof Sum;
      default -> true;
    };
  }

  // ------------------------------------------------------------ recurrences

  private static Node value(Node node, Result result) {
    return ((Recur) node.input(0).op()).body().node(result.value());
  }

  /** What a value of a body is to those outside: by its name all steps together, else a formula of each step. */
  private Formula atAllSteps(Node node, Result result) {
    DerivationScope body = Known.in(bodies, node.input(0));
    Node value = value(node, result);
    Formula formula = body.formulas.of(value);
    return formula instanceof Formula.Name name && name.time().equals(body.step)
        ? name.at("")
        : formula;
  }

  private void recurrence(Node node, Recur recur) {
    boolean gradient = isGradient(node);
    List<Node> wanted = new ArrayList<>();
    recur.next().forEach(number -> wanted.add(recur.body().node(number)));
    Map<Node, String> labelled = new HashMap<>();
    for (Node each : nodes) {
      if (each.op() instanceof Result result && each.input(0) == node) {
        wanted.add(value(each, result));
        each.label()
            .filter(label -> !isSummed(each, label))
            .ifPresent(label -> labelled.put(value(each, result), label));
      }
    }
    DerivationScope forward = node.gradientOf().map(bodies::get).orElse(null);
    Map<Node, Formula> given = new HashMap<>();
    DerivationScope body =
        new DerivationScope(
            derivation,
            Graph.needed(wanted),
            given,
            depth + 1,
            forward == null ? Map.of() : forward.ownNames);
    if (gradient) { // what each step adds to a parameter's gradient is told where it is summed
      List<Node> next = wanted.subList(0, recur.states()).stream().map(Formulas::base).toList();
      body.labels.keySet().removeIf(each -> !body.users.containsKey(each) && !next.contains(each));
    }
    body.labels.putAll(labelled);
    List<Formula.Name> states = body.states(recur, gradient);
    for (Node inside : body.nodes) {
      if (inside.op() instanceof Slot slot) {
        body.formulas.give(
            inside,
            slot.role() == Slot.Role.PREVIOUS
                ? states.get(slot.number())
                : outside(node.input(recur.input(slot)), slot));
      }
    }
    derivation.add(
        new Line.Steps(
            depth, "t", recur.reverse() ? recur.length() : 1, recur.reverse() ? 1 : recur.length()),
        gradient);
    bodies.put(node, body);
    body.run();
    if (gradient) {
      jacobians(node, recur, body, states);
    }
  }

  /** Whether what the steps add to a gradient is called by the name of the sum. */
  private boolean isSummed(Node node, String label) {
    return users.getOrDefault(node, Set.of()).stream()
        .anyMatch(user -> user.op() instanceof Sum && labels.getOrDefault(user, "").equals(label));
  }

  /** What a slot stands for: a sequence by its name, at this step. */
  private Formula outside(Node input, Slot slot) {
    Formula formula = formulas.of(input);
    return slot.role() == Slot.Role.STEP
            && formula instanceof Formula.Name name
            && name.time().isEmpty()
        ? name.at("t")
        : formula;
  }

  /**
   * Names the states, and gives back what each step finds of the step before. Going back through time, what a step finds is
   * the gradient by its own state, and what it leaves that by the state of the step before.
   */
  private List<Formula.Name> states(Recur recur, boolean gradient) {
    String before = recur.reverse() ? "t+1" : "t-1";
    String left = recur.reverse() ? "t-1" : "t+1";
    List<Formula.Name> found = new ArrayList<>();
    for (int state = 0; state < recur.states(); state++) {
      Node next = recur.body().node(recur.next().get(state));
      int number = state;
      Optional<String> slot = recur.body().slot(Slot.Role.PREVIOUS, state).flatMap(Node::label);
      String label =
          Optional.ofNullable(labels.get(Formulas.base(next)))
              .or(() -> slot)
              .orElse("state" + (number + 1));
      String text = called(label, gradient) + (gradient ? HANDED_BACK : "");
      Formula.Name name = new Formula.Name(text, gradient, "t", false);
      slot.ifPresent(other -> ownNames.putIfAbsent(other, name.text()));
      settled.put(Formulas.base(next), gradient ? name.at(left) : name);
      found.add(gradient ? name : name.at(before));
    }
    return found;
  }

  /** What a step hands back of what it was handed, for each pair of states: all else it receives left out. */
  private void jacobians(Node node, Recur recur, DerivationScope body, List<Formula.Name> states) {
    for (int from = 0; from < recur.states(); from++) {
      for (int to = 0; to < recur.states(); to++) {
        Map<Node, Formula> given = new HashMap<>();
        for (Node inside : body.nodes) {
          if (inside.op() instanceof Slot slot) {
            given.put(inside, ofStateAlone(inside, slot, from, node, recur, body));
          }
        }
        Node next = recur.body().node(recur.next().get(to));
        Formula product = new Formulas(given).of(next);
        if (!(product instanceof Formula.Number)) {
          Formula.Name left = Known.in(body.settled, Formulas.base(next));
          derivation.add(
              new Line.Jacobian(
                  depth + 1,
                  state(states.get(from), "t"),
                  state(states.get(to), left.time()),
                  product),
              true);
        }
      }
    }
  }

  private static Formula.Name state(Formula.Name handedBack, String time) {
    String text = handedBack.text();
    return new Formula.Name(
        text.substring(0, text.length() - HANDED_BACK.length()), false, time, false);
  }

  private Formula ofStateAlone(
      Node inside, Slot slot, int state, Node node, Recur recur, DerivationScope body) {
    if (slot.role() == Slot.Role.PREVIOUS) {
      return slot.number() == state
          ? new Formula.Name("v", false, "", false)
          : new Formula.Number(0);
    }
    @Nullable Node input = node.input(recur.input(slot));
    boolean received =
        slot.role() == Slot.Role.STEP
            && formulas.of(input) instanceof Formula.Name name
            && name.gradient();
    return received ? new Formula.Number(0) : body.formulas.of(inside);
  }
}
