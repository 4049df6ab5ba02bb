package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.op.Add;

/** The lines for the nodes of one graph: that of the model, or the body of a recurrence. */
final class DerivationScope {
  /** A gradient of several shares is shown over values alone too if that is not longer. */
  private static final int LONGEST_WHOLE = 15;

  private static final int SHORTEST_WHOLE = 4;

  private final Derivation derivation;
  private final List<Node> nodes;
  private final Formulas formulas;
  private final int depth;

  /** In a body: the step that a value's name is to carry. */
  private final String step;

  /** In the body of a gradient: the body whose gradient it is. */
  private final Optional<DerivationScope> forward;

  /** What values are called: their labels, or those of a node that only shows them in other places. */
  private final Map<Node, String> labels = new HashMap<>();

  /** Values whose names are settled: the states of a recurrence. */
  private final Map<Node, Formula.Name> settled = new HashMap<>();

  private final Map<Node, Formula.Name> names = new LinkedHashMap<>();
  private final Map<Node, Set<Node>> users = new HashMap<>();
  private final AppliedRules rules;

  /** Values of a body that are read outside of it, step by step. */
  private final Set<Node> readOutside = new HashSet<>();

  /** What a value is called where it is shown in another shape. */
  private final Map<Node, List<Node>> views = new HashMap<>();

  /** The bodies of the recurrences among the nodes. */
  private final Map<Node, DerivationScope> bodies = new HashMap<>();

  /** What the values of a body are called, by their labels. */
  private final Map<String, String> ownNames = new HashMap<>();

  DerivationScope(
      Derivation derivation,
      List<Node> nodes,
      int depth,
      String step,
      Optional<DerivationScope> forward) {
    this.derivation = derivation;
    this.nodes = nodes;
    this.formulas = new Formulas(Alignments.of(nodes));
    this.depth = depth;
    this.step = step;
    this.forward = forward;
    this.rules = new AppliedRules(derivation, forward.map(body -> body.formulas).orElse(formulas));
    forward.ifPresent(body -> formulas.recognise(body.formulas));
    for (Node node : nodes) {
      node.label().ifPresent(label -> labels.putIfAbsent(Formulas.base(node), label));
      if (node.label().isPresent() && Formulas.base(node) != node) {
        views.computeIfAbsent(Formulas.base(node), ignored -> new ArrayList<>()).add(node);
      }
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
    return new DerivationScope(derivation, nodes, 0, "", Optional.empty());
  }

  void run() {
    for (Node node : nodes) {
      Optional<DerivationScope> stepwise =
          node.op() instanceof Result
              ? Optional.ofNullable(bodies.get(node.input(0)))
              : Optional.empty();
      rules.collect(node, stepwise.map(body -> body.rules));
      if (node.op() instanceof Recur) {
        bodies.put(node, new Loop(this, node).run());
      } else if (node.op() instanceof Result result) {
        result(node, result);
      } else if (!(node.op() instanceof Leaf) && Formulas.base(node) == node) {
        atOneStep(node);
        define(node, step);
      }
    }
  }

  /** By its name all steps together, else a formula of each step. */
  private void result(Node node, Result result) {
    DerivationScope body = Known.in(bodies, node.input(0));
    Formula formula = body.formulas.of(Loop.value(node, result));
    formulas.give(
        node,
        formula instanceof Formula.Name name && name.time().equals(body.step)
            ? name.at("")
            : formula);
    if (!(formula instanceof Formula.Name) && !isSummed(node, label(node))) {
      define(node, body.step);
    }
  }

  /** A slice of one step of a recurrence's result is the value at that step. */
  private void atOneStep(Node node) {
    Node sliced = node.inputs().isEmpty() ? node : Formulas.base(node.input(0));
    if (node.op() instanceof Slice slice
        && slice.length() == 1
        && sliced.op() instanceof Result result
        && Alignments.isFirst(slice.axis(), node.input(0), sliced)) {
      DerivationScope body = Known.in(bodies, sliced.input(0));
      Formula each = body.formulas.of(Loop.value(sliced, result));
      formulas.give(node, Loop.at(each, body.step, slice.from() + 1));
    }
  }

  /** The gradient by a parameter: of a recurrence's step, if each step has a parameter of its own. */
  Derivation.Result result(String parameter, Node gradient) {
    Node base = Formulas.base(gradient);
    Formula.Name name = new Formula.Name(parameter, false, "", false);
    if (base.op() instanceof Result result) {
      DerivationScope body = Known.in(bodies, base.input(0));
      return new Derivation.Result(
          name.at(body.step), body.formulas.written(Loop.value(base, result)), Optional.empty());
    }
    return new Derivation.Result(name, formulas.written(base), whole(base));
  }

  /** Over values alone; not through the gradient of a recurrence. */
  private Optional<Formula> whole(Node node) {
    Formulas values = formulas.ofResults();
    names.forEach((named, name) -> {
      if (!name.gradient()) {
        values.give(named, name);
      }
    });
    return values
        .ifShort(node)
        .filter(formula -> formula.names().noneMatch(Formula.Name::gradient));
  }

  // ------------------------------------------------------------ lines

  private void define(Node node, String time) {
    if (isMadeAgain(node)) {
      formulas.name(
          node, new Formula.Name(forwardName(label(node)), false, step, node.shape().rank() == 0));
      return;
    }
    Formula formula = formulas.of(node);
    if (Formulas.isZero(formula)) {
      rules.told(node);
    }
    if (formula instanceof Formula.Number
        || formula instanceof Formula.Name && !isGradient(node) && !(node.op() instanceof Slice)) {
      return; // nothing, or another name for the same
    }
    Optional<Formula.Name> given =
        Optional.ofNullable(settled.get(node)).or(() -> name(node, formula));
    if (given.isEmpty()) {
      return;
    }
    Formula.Name name = time.equals(step) ? given.get() : given.get().at(time);
    equation(name, formula, node);
    formulas.name(node, given.get());
    names.put(node, given.get());
    rules.told(node);
  }

  private void equation(Formula.Name name, Formula formula, Node node) {
    Optional<Formula> whole =
        depth == 0 && formula.names().filter(Formula.Name::gradient).distinct().count() > 1
            ? whole(node)
                .filter(each ->
                    each.size() >= SHORTEST_WHOLE
                        && each.size() <= LONGEST_WHOLE
                        && !each.equals(formula))
            : Optional.empty();
    Line.Equation line =
        new Line.Equation(
            depth, name, formula, whole, node.shape().toString(), rules.of(node), node.place());
    derivation.add(line);
    derivation.lines().add(allLabels(node), line, node);
    new Softmax(derivation.written())
        .remark(depth, name, formula, whole)
        .ifPresent(remark -> derivation.remark(remark, name.gradient()));
  }

  /** By what its value, or that in another shape, is called in the graph. */
  private List<String> allLabels(Node node) {
    List<String> all = new ArrayList<>();
    DerivedLines.label(node).ifPresent(all::add);
    if (!label(node).isEmpty()) {
      all.add(label(node));
    }
    views.getOrDefault(node, List.of()).forEach(view -> all.add(view.label().orElseThrow()));
    return all.stream().distinct().toList();
  }

  private Optional<Formula.Name> name(Node node, Formula formula) {
    String label = label(node);
    boolean gradient = isGradient(node);
    boolean scalar = node.shape().rank() == 0;
    if (!label.isEmpty() && !label.startsWith(DerivedLines.BETWEEN) && !isShare(node, label)) {
      return Optional.of(new Formula.Name(called(label, node), gradient, step, scalar));
    }
    boolean flows = gradient && formula.names().anyMatch(Formula.Name::gradient);
    int least = flows ? Derivation.SMALLEST_GRADIENT : Derivation.SMALLEST_VALUE;
    boolean read = users.getOrDefault(node, Set.of()).size() > 1 || readOutside.contains(node);
    if (!read || formula.size() < least) {
      return Optional.empty();
    }
    String text = flows ? between(node, formula) : derivation.names().value(Derivation.UNNAMED);
    return Optional.of(new Formula.Name(text, flows, step, scalar));
  }

  /** What flows between a value and its operand, or the sum of all that a state receives. */
  private String between(Node node, Formula formula) {
    Optional<String> state =
        formula instanceof Formula.Sum
            ? formula
                .parts()
                .flatMap(Formula::names)
                .filter(Formula.Name::isHandedBack)
                .map(Formula.Name::bare)
                .findFirst()
            : Optional.empty();
    if (state.isPresent() && node.op() instanceof Add) {
      return state.get();
    }
    String label = label(node);
    Optional<String> between =
        label.startsWith(DerivedLines.BETWEEN)
            ? Optional.of(label.substring(DerivedLines.BETWEEN.length()))
            : node.gradientOf().flatMap(Node::label);
    return derivation
        .names()
        .between(
            between
                .map(this::forwardName)
                .or(() -> node.gradientOf().flatMap(this::valueName))
                .map(of -> of + Formula.Name.BEFORE)
                .orElse(Derivation.UNNAMED));
  }

  String label(Node node) {
    return labels.getOrDefault(Formulas.base(node), "");
  }

  /** What a value of the body whose gradient this is is called, though its node has no label. */
  private Optional<String> valueName(Node value) {
    return forward.flatMap(body -> body.formulas.named(value)).map(Formula.Name::text);
  }

  private String forwardName(String label) {
    return forward.map(body -> body.ownNames.get(label)).orElse(label);
  }

  private boolean isForwardName(String label) {
    return forward.filter(body -> body.ownNames.containsKey(label)).isPresent();
  }

  /** What the author calls a value, or the value that a gradient belongs to. */
  private String called(String label, Node node) {
    if (!isGradient(node)) {
      String name = own(label, derivation.names().value(label));
      if (depth == 0 && derivation.receives(node)) {
        derivation.names().receives(name, label, node.shape());
        views
            .getOrDefault(node, List.of())
            .forEach(view ->
                derivation.names().receives(name, view.label().orElseThrow(), view.shape()));
      }
      return name;
    }
    String of =
        label.startsWith(DerivedLines.GRADIENT)
            ? label.substring(DerivedLines.GRADIENT.length())
            : label;
    return isForwardName(of)
        ? forwardName(of)
        : derivation.names().gradient(of, labelled(node, label).shape());
  }

  /** The node that has the label: one that is the same for all rows may have it where it is spread over them. */
  private Node labelled(Node node, String label) {
    return views.getOrDefault(node, List.of()).stream()
        .filter(view -> view.label().orElseThrow().equals(label))
        .findFirst()
        .orElse(node);
  }

  /** A state's name, or that of the state whose gradient it is. */
  String state(String label, boolean gradient) {
    if (!gradient) {
      return own(label, derivation.names().value(label));
    }
    String of =
        label.startsWith(DerivedLines.GRADIENT)
            ? label.substring(DerivedLines.GRADIENT.length())
            : label;
    return isForwardName(of) ? forwardName(of) : derivation.names().between(of);
  }

  String own(String label, String name) {
    ownNames.put(label, name);
    return name;
  }

  /** A value of the forward body that the gradient's computes once more. */
  private boolean isMadeAgain(Node node) {
    String label = label(node);
    return isGradient(node)
        && isForwardName(label)
        && !label.startsWith(DerivedLines.GRADIENT)
        && !label.startsWith(DerivedLines.BETWEEN);
  }

  static boolean isGradient(Node node) {
    return node.gradientOf().isPresent();
  }

  /** One of several shares of a gradient, which are added. */
  boolean isShare(Node node, String label) {
    return users.getOrDefault(node, Set.of()).stream()
        .anyMatch(reader ->
            reader.op() instanceof Add && reader.label().filter(label::equals).isPresent());
  }

  /** Whether what the steps add to a gradient is called by the name of the sum. */
  boolean isSummed(Node node, String label) {
    return users.getOrDefault(node, Set.of()).stream()
        .anyMatch(user -> user.op() instanceof Sum && label(user).equals(label));
  }

  // ------------------------------------------------------------ for the loops in it

  Derivation derivation() {
    return derivation;
  }

  List<Node> nodes() {
    return nodes;
  }

  Formulas formulas() {
    return formulas;
  }

  int depth() {
    return depth;
  }

  String step() {
    return step;
  }

  Map<Node, Formula.Name> settled() {
    return settled;
  }

  Map<Node, String> labels() {
    return labels;
  }

  Map<String, String> ownNames() {
    return ownNames;
  }

  Set<Node> readOutside() {
    return readOutside;
  }

  boolean isUsed(Node node) {
    return users.containsKey(node);
  }

  /** What reads a value to compute others; gradients are left out. */
  Stream<Node> readers(Node node) {
    return users.getOrDefault(node, Set.of()).stream().filter(user -> !isGradient(user));
  }

  /** The body of a recurrence here, or in the body whose gradient this is. */
  Optional<DerivationScope> body(Node recurrence) {
    return Optional.ofNullable(bodies.get(recurrence))
        .or(() -> forward.flatMap(body -> body.body(recurrence)));
  }
}
