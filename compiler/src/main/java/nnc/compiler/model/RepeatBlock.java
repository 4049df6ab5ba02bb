package nnc.compiler.model;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;

/**
 * A {@code repeat} while its body is elaborated: once, for any turn. It is a recurrence over the turns, whose states are the
 * names that are carried from turn to turn; the turns' own parameters are one tensor with the turns in front.
 */
final class RepeatBlock implements PerPart {
  private final Elaboration elaboration;
  private final Ast.RepeatStatement statement;
  private final int turns;
  private final Scope outer;
  private final Scope turn;
  private final int first;
  private final Map<String, Carried> carried = new LinkedHashMap<>();
  private final Map<Node, Node> parts = new LinkedHashMap<>();
  private final Map<Variable, Node> updates = new LinkedHashMap<>();

  /** Thrown where the turns differ in more than their parameters: each is then elaborated by itself. */
  static final class TurnsDiffer extends RuntimeException {
    private static final long serialVersionUID = 1;

    TurnsDiffer() {
      super("the turns of a repeat differ", null, false, false);
    }
  }

  private record Carried(TensorValue start, Node slot) {}

  RepeatBlock(Elaboration elaboration, Ast.RepeatStatement statement, int turns, Scope outer) {
    this.elaboration = elaboration;
    this.statement = statement;
    this.turns = turns;
    this.outer = outer;
    this.turn = outer.inner(outer.frame().turn(this));
    this.first = elaboration.builder.nodes().size();
  }

  int turns() {
    return turns;
  }

  /** Binds the carried names, after the last turn, in the scope around; or leaves everything as it was. */
  void elaborate() throws TurnsDiffer {
    Set<String> names = carried(elaboration, statement, outer);
    if (names.isEmpty()) {
      throw new TurnsDiffer(); // nothing comes of it but errors
    }
    starts(names).forEach(this::carry);
    try {
      elaboration.run(this, () -> elaboration.bodies.statements(statement.body(), turn));
      bindResults();
    } catch (Problem problem) {
      outer.frame().after(turn.frame());
      throw problem;
    }
    outer.frame().after(turn.frame());
  }

  /** What is bound outside, and bound anew in a turn: it is carried from turn to turn. */
  static Set<String> carried(Elaboration elaboration, Ast.RepeatStatement repeat, Scope outer) {
    Set<String> carried = boundAnew(repeat.body(), new LinkedHashSet<>());
    carried.removeIf(name -> outer.value(name, elaboration.globals).isEmpty());
    return carried;
  }

  /** The names that equations bind, in blocks that are repeated inside of this one too. */
  private static Set<String> boundAnew(List<Ast.Statement> body, Set<String> names) {
    for (Ast.Statement each : body) {
      switch (each) {
        case Ast.RepeatStatement repeat -> boundAnew(repeat.body(), names);
        case Ast.AssignStatement _, Ast.RecurStatement _ ->
            BoundNames.of(each).forEach(name -> names.add(name.text()));
        default -> {}
      }
    }
    return names;
  }

  /** What the names are before the first turn. */
  private Map<String, TensorValue> starts(Set<String> names) {
    Map<String, Value> before = new LinkedHashMap<>();
    names.forEach(name -> before.put(name, outer.value(name).orElseThrow()));
    boolean numbers = before.values().stream().anyMatch(Value.Num.class::isInstance);
    Map<String, Value> after = numbers ? afterOne(before) : before;
    Map<String, TensorValue> starts = new LinkedHashMap<>();
    before.forEach((name, value) -> starts.put(name, start(value, Known.in(after, name))));
    return starts;
  }

  /** A number to which each turn adds a tensor is a tensor of that number; one that stays a number differs by turns. */
  private TensorValue start(Value before, Value after) {
    if (before instanceof TensorValue start && isReal(start)) {
      return start;
    }
    if (before instanceof Value.Num number && after instanceof TensorValue sum && isReal(sum)) {
      Node constant = elaboration.builder.add(new Constant(number.value(), ElementType.F32));
      return new TensorValue(constant.broadcast(sum.node().shape(), List.of()), sum.axes());
    }
    throw new TurnsDiffer();
  }

  private static boolean isReal(TensorValue tensor) {
    return tensor.node().type().element() == ElementType.F32;
  }

  /** What the names are after a turn that is tried by itself. */
  private Map<String, Value> afterOne(Map<String, Value> before) {
    Elaboration.State state = elaboration.state();
    Scope trial = outer.inner(outer.frame().turn(1));
    before.forEach(trial::bind);
    Block block = this::heading;
    try {
      elaboration.run(block, () -> elaboration.bodies.statements(statement.body(), trial));
    } catch (Problem problem) {
      throw new TurnsDiffer(); // and is told where the turns are elaborated one by one
    } finally {
      elaboration.restore(state);
    }
    Map<String, Value> after = new LinkedHashMap<>();
    before.keySet().forEach(name -> after.put(name, trial.own(name).orElseThrow()));
    return after;
  }

  private void carry(String name, TensorValue tensor) {
    Node slot = elaboration.previous(tensor.node().type());
    elaboration.builder.label(slot, outer.frame().label(name));
    carried.put(name, new Carried(tensor, slot));
    turn.bind(name, new TensorValue(slot, tensor.axes()));
  }

  @Override
  public void requireTotal(Set<Node> read, Node by, Set<Node> behind, Span place) {
    List<Node> slots = carried.values().stream().map(Carried::slot).toList();
    if (Block.hides(slots, parts, read, by, behind)) {
      throw new TurnsDiffer(); // written out, all turns are differentiated
    }
  }

  @Override
  public Span heading() {
    return statement.count().span();
  }

  @Override
  public Shape shape(Shape one) {
    return one.under(Size.of(turns));
  }

  @Override
  public Node slot(Node all) {
    return parts.computeIfAbsent(all, elaboration::part);
  }

  /** What a node is a turn's part of. */
  Node whole(Node part) {
    return parts.entrySet().stream()
        .filter(each -> each.getValue().equals(part))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(part);
  }

  /** Notes the next value of the turn's own part of a buffer. */
  void update(Variable buffer, Node next) {
    if (parts.values().stream().noneMatch(part -> elaboration.stored(part).op().equals(buffer))) {
      throw new TurnsDiffer(); // all turns update one buffer
    }
    updates.put(buffer, next);
  }

  private void bindResults() {
    Recurrence recurrence = new Recurrence(elaboration.builder, turns, false, 0);
    parts.forEach((all, slot) -> recurrence.sequence(slot, all));
    recurrence.draws(first);
    Map<String, TensorValue> next = new LinkedHashMap<>();
    carried.forEach((name, state) -> {
      TensorValue value = afterTurn(name, state.start);
      next.put(name, value);
      recurrence.state(state.slot, state.start.node(), value.node());
    });
    Map<Node, Node> all =
        recurrence.close(
            Stream.concat(next.values().stream().map(TensorValue::node), updates.values().stream())
                .distinct()
                .toList());
    updates.forEach((buffer, value) -> elaboration.update(buffer, Known.in(all, value)));
    next.forEach((name, value) -> {
      Node last = elaboration.builder.add(new Slice(0, turns - 1, 1), Known.in(all, value.node()));
      Node result = last.reshape(last.shape().without(List.of(0)));
      elaboration.builder.label(result, outer.frame().label(name));
      outer.bind(name, new TensorValue(result, value.axes()));
    });
  }

  private TensorValue afterTurn(String name, TensorValue start) {
    if (!(turn.own(name).orElseThrow() instanceof TensorValue after)) {
      throw new TurnsDiffer();
    }
    TensorValue value = elaboration.tensors.number(after);
    requireShape(statement, name, start, value);
    return value;
  }

  /** What is carried to the next turn keeps its shape. */
  static void requireShape(
      Ast.RepeatStatement repeat, String name, TensorValue before, TensorValue after) {
    if (!after.node().shape().equals(before.node().shape())) {
      throw Problem.of(
          Diagnostic.at(
                  lastTarget(repeat, name),
                  "shape",
                  "what a repeat carries to its next turn keeps its shape")
              .note(
                  "'"
                      + name
                      + "' was "
                      + before.shapeText()
                      + ", is "
                      + after.shapeText()
                      + " after the turn"));
    }
  }

  /** Where a turn binds a name for the last time. */
  private static Span lastTarget(Ast.RepeatStatement repeat, String name) {
    return repeat.body().stream()
        .filter(Ast.AssignStatement.class::isInstance)
        .flatMap(each -> ((Ast.AssignStatement) each).targets().stream())
        .filter(target -> target.name().text().equals(name))
        .map(Ast.Target::span)
        .reduce((first, second) -> second)
        .orElse(repeat.span());
  }
}
