package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Lookup;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Uniform;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Turn;

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
    this.turn = outer.inner(outer.frame().turn(Turn.ANY));
    this.first = elaboration.builder.nodes().size();
  }

  int turns() {
    return turns;
  }

  /** Binds the carried names, after the last turn, in the scope around; or leaves everything as it was. */
  void elaborate() throws TurnsDiffer {
    for (String name : targets(statement.body(), new LinkedHashSet<>())) {
      outer.own(name).ifPresent(start -> carry(name, start));
    }
    if (carried.isEmpty()) {
      throw new TurnsDiffer(); // nothing comes of it but errors
    }
    elaboration.parts.addLast(this);
    try {
      Problem.Parts parts = new Problem.Parts();
      statement
          .body()
          .forEach(each -> parts.attempt(() -> elaboration.bodies.statement(each, turn)));
      parts.finish();
    } finally {
      elaboration.parts.removeLast();
    }
    bindResults();
  }

  /** The names that statements bind, in blocks that are repeated inside of this one too. */
  private static Set<String> targets(List<Ast.Statement> body, Set<String> names) {
    for (Ast.Statement each : body) {
      if (each instanceof Ast.AssignStatement assign) {
        assign.targets().forEach(target -> names.add(target.name().text()));
      } else if (each instanceof Ast.RepeatStatement repeat) {
        targets(repeat.body(), names);
      }
    }
    return names;
  }

  private void carry(String name, Value start) {
    if (!(start instanceof TensorValue tensor)
        || tensor.node().type().element() != ElementType.F32) {
      throw new TurnsDiffer(); // a number that each turn changes, as 2 * dilation
    }
    Node slot = elaboration.previous(tensor.node());
    elaboration.builder.label(slot, outer.frame().label(name));
    carried.put(name, new Carried(tensor, slot));
    turn.bind(name, new TensorValue(slot, tensor.axes()));
  }

  @Override
  public Shape shape(Shape one) {
    return one.under(Size.of(turns));
  }

  @Override
  public Node slot(Node all) {
    return parts.computeIfAbsent(all, elaboration::part);
  }

  private void bindResults() {
    Recurrence recurrence = new Recurrence(elaboration.builder, turns, false, 0);
    parts.forEach((all, slot) -> recurrence.sequence(slot, all));
    for (Node node : elaboration.builder.nodes()) { // every turn draws numbers of its own
      if (node.id() >= first && node.op() instanceof Uniform draw) {
        recurrence.sequence(
            node, elaboration.builder.add(new Uniform(draw.path(), shape(draw.shape()))));
      }
    }
    Map<String, TensorValue> next = new LinkedHashMap<>();
    carried.forEach((name, state) -> {
      TensorValue value = afterTurn(name, state.start);
      next.put(name, value);
      recurrence.state(state.slot, state.start.node(), value.node());
    });
    Map<Node, Node> all =
        recurrence.close(next.values().stream().map(TensorValue::node).distinct().toList());
    next.forEach((name, value) -> {
      Node last = elaboration.builder.add(new Slice(0, turns - 1, 1), Lookup.in(all, value.node()));
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
    if (!value.node().shape().equals(start.node().shape())) {
      throw Problem.of(keepsShape(name, target(name), start, value));
    }
    return value;
  }

  private Span target(String name) {
    List<Span> found = new ArrayList<>();
    statement
        .body()
        .forEach(each -> {
          if (each instanceof Ast.AssignStatement assign) {
            assign.targets().stream()
                .filter(target -> target.name().text().equals(name))
                .forEach(target -> found.add(target.span()));
          }
        });
    return found.isEmpty() ? statement.span() : found.getLast();
  }

  static Diagnostic keepsShape(String name, Span target, TensorValue before, TensorValue after) {
    return Diagnostic.at(target, "shape", "what a repeat carries to its next turn keeps its shape")
        .note(
            "'"
                + name
                + "' was "
                + before.shapeText()
                + ", is "
                + after.shapeText()
                + " after the turn");
  }
}
