package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;
import nnc.compiler.source.Span;

/** The lines of a recurrence: where it begins, what each step computes; of a gradient also what all steps come to. */
final class Loop {
  private final DerivationScope outer;
  private final Node node;
  private final Recur recur;
  private final boolean gradient;
  private final Optional<DerivationScope> forward;
  private final String step;

  Loop(DerivationScope outer, Node node) {
    this.outer = outer;
    this.node = node;
    this.recur = (Recur) node.op();
    this.gradient = DerivationScope.isGradient(node);
    this.forward = node.gradientOf().flatMap(outer::body);
    this.step = forward.map(DerivationScope::step).orElseGet(() -> letter(node, outer.step()));
  }

  /** Steps are counted by t, layers by l: those of a loop that has parameters of its own for each. */
  static String letter(Node node, String around) {
    Recur recur = (Recur) node.op();
    boolean layers =
        node.inputs().subList(recur.states(), recur.states() + recur.sequences()).stream()
            .anyMatch(input ->
                Formulas.base(input).op() instanceof Variable variable
                    && variable.kind() == Variable.Kind.PARAMETER);
    String letter = layers ? "l" : "t";
    return around.equals(letter) ? letter + "'" : letter;
  }

  /** The value of a body that a result shows. */
  static Node value(Node node, Result result) {
    return ((Recur) node.input(0).op()).body().node(result.value());
  }

  /** A formula of any step at one step. */
  static Formula at(Formula formula, String step, int number) {
    if (formula instanceof Formula.Name name && name.time().startsWith(step)) {
      String offset = name.time().substring(step.length());
      return offset.isEmpty() || offset.matches("[+-]1")
          ? name.at(String.valueOf(number + (offset.isEmpty() ? 0 : Integer.parseInt(offset))))
          : name;
    }
    return formula instanceof Formula.Name ? formula : formula.over(part -> at(part, step, number));
  }

  /** Adds the lines; the scope of the body knows what its values are called. */
  DerivationScope run() {
    List<Node> wanted = new ArrayList<>();
    recur.next().forEach(number -> wanted.add(recur.body().node(number)));
    Map<Node, String> labelled = new HashMap<>();
    List<Node> readOutside = new ArrayList<>();
    for (Node each : outer.nodes()) {
      if (each.op() instanceof Result result && each.input(0) == node) {
        Node value = value(each, result);
        wanted.add(value);
        String label = outer.label(each);
        if (!outer.isSummed(each, label)) {
          readOutside.add(value);
          if (!label.isEmpty() && !outer.isShare(each, label)) {
            labelled.put(value, label);
          }
        }
      }
    }
    DerivationScope body =
        new DerivationScope(
            outer.derivation(), Graph.needed(wanted), outer.depth() + 1, step, forward);
    if (gradient) { // what each step adds to a parameter's gradient is told where it is summed
      List<Node> next = next().map(Formulas::base).toList();
      body.labels().keySet().removeIf(each -> !body.isUsed(each) && !next.contains(each));
    }
    body.labels().putAll(labelled);
    body.readOutside().addAll(readOutside);
    List<Formula.Name> found = states(body);
    for (Node inside : body.nodes()) {
      if (inside.op() instanceof Slot slot) {
        body.formulas().give(inside, given(slot, found));
      }
    }
    starts(body);
    outer
        .derivation()
        .add(
            new Line.Steps(
                outer.depth(),
                step,
                recur.reverse() ? recur.length() : 1,
                recur.reverse() ? 1 : recur.length()),
            gradient);
    body.run();
    outer.formulas().steps(node, step);
    if (gradient) {
      allSteps(body, found);
    }
    return body;
  }

  private Stream<Node> next() {
    return recur.next().stream().map(number -> recur.body().node(number));
  }

  private Formula given(Slot slot, List<Formula.Name> found) {
    return slot.role() == Slot.Role.PREVIOUS
        ? found.get(slot.number())
        : outside(node.input(recur.input(slot)), slot);
  }

  /** What a slot stands for: a sequence by its name, at this step. */
  private Formula outside(Node input, Slot slot) {
    Formula formula = outer.formulas().of(input);
    return slot.role() == Slot.Role.STEP ? thisStep(formula) : formula;
  }

  private Formula thisStep(Formula sequence) {
    return switch (sequence) {
      case Formula.Name name when name.time().isEmpty() -> name.at(step);
      case Formula.Whole whole ->
          new Formula.Lookup(whole, new Formula.Name(step, false, "", true));
      default -> sequence;
    };
  }

  /**
   * Names the states, and gives back what each step finds of the step before. Going back through time, what a step finds is
   * the gradient by its own state, and what it leaves that by the state of the step before.
   */
  private List<Formula.Name> states(DerivationScope body) {
    String before = step + (recur.reverse() ? "+1" : "-1");
    String left = step + (recur.reverse() ? "-1" : "+1");
    List<Formula.Name> found = new ArrayList<>();
    for (int state = 0; state < recur.states(); state++) {
      Node next = Formulas.base(recur.body().node(recur.next().get(state)));
      int number = state;
      Optional<String> slot = recur.body().slot(Slot.Role.PREVIOUS, state).flatMap(Node::label);
      String own = body.label(next);
      String label = !own.isEmpty() ? own : slot.orElse("state" + (number + 1));
      String text = body.state(label, gradient) + (gradient ? Formula.Name.HANDED_BACK : "");
      Formula.Name name = new Formula.Name(text, gradient, step, false);
      slot.ifPresent(other -> body.ownNames().putIfAbsent(other, name.text()));
      body.settled().put(next, gradient ? name.at(left) : name);
      found.add(gradient ? name : name.at(before));
    }
    return found;
  }

  /** What the first step finds. */
  private void starts(DerivationScope body) {
    int first = recur.reverse() ? recur.length() : 1;
    int before = first + (gradient ? 0 : recur.reverse() ? 1 : -1);
    for (int state = 0; state < recur.states(); state++) {
      Node next = recur.body().node(recur.next().get(state));
      Formula.Name name = Known.in(body.settled(), Formulas.base(next));
      outer
          .derivation()
          .add(
              new Line.Equation(
                  outer.depth(),
                  name.at(String.valueOf(before)),
                  outer.formulas().of(node.input(state)),
                  Optional.empty(),
                  next.shape().toString(),
                  List.of(),
                  place(next)));
    }
  }

  private Optional<Span> place(Node next) {
    return next.place().or(node::place).or(() -> node.gradientOf().flatMap(Node::place));
  }

  // ------------------------------------------------------------ all steps of a gradient

  private void allSteps(DerivationScope body, List<Formula.Name> found) {
    boolean all = true;
    for (int from = 0; from < recur.states(); from++) {
      for (int to = 0; to < recur.states(); to++) {
        all &= jacobian(body, found, from, to);
      }
    }
    List<Formula.Name> states = found.stream().map(name -> state(name, step)).toList();
    if (!all) {
      outer.derivation().add(Remarks.jacobian(outer.depth() + 1, states, before()), true);
    }
    forward
        .flatMap(values -> new StateGradients(outer, node, values).inSum(found))
        .ifPresent(gradients ->
            outer
                .derivation()
                .add(
                    new Line.Unrolled(
                        outer.depth() + 1, gradients, received(), step, !recur.reverse()),
                    true));
  }

  /** The letter for what comes from outside: none that a value of the body has. */
  private String received() {
    Set<String> taken =
        forward.stream()
            .flatMap(values -> values.ownNames().values().stream())
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .collect(Collectors.toSet());
    return Stream.of("g", "r", "e", "q")
        .filter(letter -> !taken.contains(letter))
        .findFirst()
        .orElse("G");
  }

  private String before() {
    return step + (recur.reverse() ? "-1" : "+1");
  }

  /** What a step hands back of what it was handed, all else it receives left out; false if that is too long. */
  private boolean jacobian(DerivationScope body, List<Formula.Name> found, int from, int to) {
    Formulas alone = body.formulas().withoutValues();
    for (Node inside : body.nodes()) {
      if (inside.op() instanceof Slot slot) {
        alone.give(inside, ofStateAlone(body.formulas().of(inside), slot, from));
      }
    }
    Node next = recur.body().node(recur.next().get(to));
    Optional<Formula> product = alone.ifShort(next);
    product
        .filter(formula -> !(formula instanceof Formula.Number))
        .ifPresent(formula ->
            outer
                .derivation()
                .add(
                    new Line.Jacobian(
                        outer.depth() + 1,
                        state(found.get(from), step),
                        state(found.get(to), before()),
                        formula),
                    true));
    return product.isPresent();
  }

  private static Formula.Name state(Formula.Name handedBack, String time) {
    return new Formula.Name(handedBack.bare(), false, time, false);
  }

  private Formula ofStateAlone(Formula own, Slot slot, int state) {
    if (slot.role() == Slot.Role.PREVIOUS) {
      return slot.number() == state
          ? new Formula.Name("v", false, "", false)
          : new Formula.Number(0);
    }
    boolean received =
        slot.role() == Slot.Role.STEP && own instanceof Formula.Name name && name.gradient();
    return received ? new Formula.Number(0) : own;
  }
}
