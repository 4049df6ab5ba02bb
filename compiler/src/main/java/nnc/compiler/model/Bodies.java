package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Initialiser;

/** Goes through the statements of layers and functions, and through those that models share with them. */
final class Bodies {
  private static final int MOST_TURNS = 1000;

  private final Elaboration elaboration;

  Bodies(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /** The value of a layer's or function's body: its last statement. */
  Value result(List<Ast.Statement> body, Scope scope, Ast.Name owner) {
    List<Value> results = new ArrayList<>();
    Problem.Parts parts = new Problem.Parts();
    parts.attempt(() -> requireResult(body, owner));
    for (Ast.Statement statement : body) {
      parts.attempt(() -> {
        if (statement instanceof Ast.ValueStatement value) {
          results.add(returned(value, scope));
        } else {
          statement(statement, scope);
        }
      });
    }
    parts.finish();
    return results.getFirst();
  }

  private Value returned(Ast.ValueStatement statement, Scope scope) {
    List<Ast.Expression> written = statement.values();
    return written.size() == 1
        ? elaboration.expressions.results(written.getFirst(), scope)
        : new Value.Results(elaboration.expressions.values(written, scope));
  }

  /** The last statement of a body, and no other, is its value. */
  static void requireResult(List<Ast.Statement> body, Ast.Name owner) {
    Problem.Parts parts = new Problem.Parts();
    for (Ast.Statement statement : body) {
      if (statement instanceof Ast.ValueStatement && statement != body.getLast()) {
        parts.add(
            Diagnostic.at(statement.span(), "statement", "a value that nothing uses")
                .help("only the last statement is the value; bind others to a name"));
      }
    }
    if (body.isEmpty() || !(body.getLast() instanceof Ast.ValueStatement)) {
      parts.add(
          Diagnostic.at(owner.span(), "statement", "'" + owner + "' has no value")
              .help("the last statement is the value: end with an expression"));
    }
    parts.finish();
  }

  void statements(List<Ast.Statement> body, Scope scope) {
    Problem.Parts parts = new Problem.Parts();
    body.forEach(each -> parts.attempt(() -> statement(each, scope)));
    parts.finish();
  }

  /** A statement that may stand in any body; where it fails, what it would have bound is broken. */
  void statement(Ast.Statement statement, Scope scope) {
    try {
      perform(statement, scope);
    } catch (Problem problem) {
      BoundNames.breakThose(statement, scope);
      throw problem;
    }
  }

  private void perform(Ast.Statement statement, Scope scope) {
    elaboration.builder.at(
        statement.span(),
        () -> {
          switch (statement) {
            case Ast.ParamStatement param -> param(param, scope);
            case Ast.AssignStatement assign -> assign(assign, scope);
            case Ast.RepeatStatement repeat -> repeat(repeat, scope);
            case Ast.DimStatement dim ->
                scope.bindDim(dim.name().text(), elaboration.shapes.size(dim.size(), scope));
            case Ast.ValueStatement value ->
                throw Problem.of(
                    Diagnostic.at(value.span(), "statement", "a value that nothing uses")
                        .help("bind it to a name: y = …"));
            case Ast.RecurStatement recur -> RecurBlock.elaborate(elaboration, recur, scope);
            case Ast.StartStatement start ->
                throw misplaced(start.span(), "the start of a state", "a 'recur' block");
            case Ast.BufferStatement buffer -> buffer(buffer, scope);
            case Ast.UpdateStatement update -> update(update, scope);
            case Ast.TruncateStatement truncate ->
                throw misplaced(truncate.span(), "'truncate'", "a 'recur' block");
            case Ast.InputStatement input -> throw misplaced(input.span(), "an input", "a model");
            case Ast.OutputStatement output ->
                throw misplaced(output.span(), "an output", "a model");
            case Ast.MetricStatement metric ->
                throw misplaced(metric.span(), "a metric", "a model");
            case Ast.StateStatement state ->
                throw misplaced(state.span(), "a state", "an optimizer");
          }
          return null;
        });
  }

  private static Problem misplaced(Span span, String what, String where) {
    return Problem.at(span, "statement", what + " is declared in " + where + ", not here");
  }

  private void param(Ast.ParamStatement param, Scope scope) {
    Shapes.Declared declared = stored(param.type(), "parameter", scope);
    if (param.condition().isPresent() && !isTrue(param.condition().get(), scope)) {
      Node zeros =
          elaboration
              .builder
              .add(new Constant(0, ElementType.F32))
              .broadcast(declared.shape(), List.of());
      param
          .names()
          .forEach(name -> scope.bind(name.text(), new TensorValue(zeros, declared.axes())));
      return;
    }
    Initialiser initialiser = Initialisers.of(param, declared.shape(), elaboration, scope);
    param.names().forEach(name -> store(name, declared, initialiser, false, scope));
  }

  private boolean isTrue(Ast.Expression condition, Scope scope) {
    Value value = elaboration.expressions.value(condition, scope);
    if (value instanceof Value.Num number) {
      return number.value() != 0;
    }
    throw Problem.of(
        Diagnostic.at(
                condition.span(), "type", "whether there is a parameter is known before running")
            .note("found " + value.described())
            .help("use what the layer is configured with: if bias"));
  }

  private void buffer(Ast.BufferStatement buffer, Scope scope) {
    requireOneNextValue(buffer.span());
    Shapes.Declared declared = stored(buffer.type(), "buffer", scope);
    Value value = elaboration.expressions.value(buffer.value(), scope);
    if (!(value instanceof Value.Num initial)) {
      throw Problem.of(
          Diagnostic.at(buffer.value().span(), "type", "a buffer starts as a number")
              .note("found " + value.described()));
    }
    Initialiser initialiser = Initialiser.of("constant", initial.value());
    buffer.names().forEach(name -> store(name, declared, initialiser, true, scope));
  }

  /** A buffer gets one next value: it cannot be a step's or a head's. */
  private void requireOneNextValue(Span span) {
    boolean heads = elaboration.isWithin(HeadsBlock.class);
    if (heads || elaboration.isWithin(RecurBlock.class)) {
      throw Problem.of(
          Diagnostic.at(
                  span,
                  "unsupported",
                  heads ? "a 'heads' block has no buffers" : "a 'recur' block updates no buffers")
              .note("a buffer has one next value, not one for each " + (heads ? "head" : "step"))
              .help("move it out of the block"));
    }
  }

  /** What is kept outlives a batch, so its shape does not depend on one. */
  private Shapes.Declared stored(Ast.TypeExpression type, String kind, Scope scope) {
    Shapes.Declared declared = elaboration.shapes.declared(type, scope);
    if (!declared.shape().isConstant()) {
      throw Problem.of(
          Diagnostic.at(
                  type.span(), "shape", "the shape of a " + kind + " cannot depend on the batch")
              .note("found " + declared.shape()));
    }
    if (Shapes.element(type) != ElementType.F32) {
      throw Problem.at(type.span(), "type", "a " + kind + "'s elements are f32");
    }
    return declared;
  }

  private void store(
      Ast.Name name,
      Shapes.Declared declared,
      Initialiser initialiser,
      boolean buffer,
      Scope scope) {
    String path =
        elaboration.takePath(scope.frame(), scope.frame().bound(name.text()), name.span());
    Shape shape = declared.shape();
    Initialiser first = initialiser;
    List<PerPart> parts = elaboration.partsOf(scope.frame());
    for (PerPart part : parts.reversed()) {
      shape = part.shape(shape);
      first = part instanceof HeadsBlock ? first.each() : first; // turns have paths of their own
    }
    TypedModel.Parameter parameter =
        new TypedModel.Parameter(path, shape, first, buffer, name.span());
    TypedModel.Parameter before = elaboration.parameters.putIfAbsent(path, parameter);
    if (before != null && !before.shape().equals(shape)) {
      throw Problem.of(
          Diagnostic.at(name.span(), "shape", "a shared parameter has one shape")
              .note(
                  "'"
                      + path
                      + "' was "
                      + before.shape()
                      + " in the first call, is "
                      + shape
                      + " here")
              .help(
                  parts.stream().anyMatch(HeadsBlock.class::isInstance)
                          || before.shape().rank() != shape.rank()
                      ? "in a block of heads every head has its own: call one instance inside, another outside"
                      : "an instance that is called twice must get tensors of the same sizes"));
    }
    String shown = Frame.shown(path);
    Node node = elaboration.builder.label(elaboration.builder.add(parameter.variable()), shown);
    for (PerPart part : parts) {
      node = elaboration.builder.label(part.slot(node), shown);
    }
    scope.bind(name.text(), new TensorValue(node, declared.axes()));
  }

  /** Notes a buffer's next value; until the step is over, its name means the old one. */
  private void update(Ast.UpdateStatement update, Scope scope) {
    requireOneNextValue(update.span());
    Ast.Name name = update.name();
    Value target =
        elaboration.expressions.value(new Ast.NameReference(name.text(), name.span()), scope);
    if (!(target instanceof TensorValue buffer
        && elaboration.stored(buffer.node()).op() instanceof Variable variable
        && variable.kind() == Variable.Kind.BUFFER)) {
      throw Problem.of(
          Diagnostic.at(name.span(), "statement", "'" + name + "' is no buffer")
              .note("found " + target.described())
              .help("buffer " + name + ": [d] = 0 declares one; values are bound with '=' alone"));
    }
    Tensors tensors = elaboration.tensors;
    Span place = update.value().span();
    TensorValue next = tensors.number(elaboration.expressions.tensor(update.value(), scope));
    TensorValue fitted =
        tensors
            .broadcastTogether(
                List.of(next, buffer), "update", update.span(), List.of(place, name.span()))
            .getFirst();
    if (!fitted.node().shape().equals(buffer.node().shape())) {
      throw Problem.of(
          Diagnostic.at(update.span(), "shape", "a buffer keeps its shape")
              .label(name.span(), buffer.shapeText())
              .label(place, next.shapeText()));
    }
    elaboration.update(variable, fitted.node());
  }

  private void assign(Ast.AssignStatement assign, Scope scope) {
    List<Value> values = values(assign, scope);
    for (int i = 0; i < values.size(); i++) {
      Ast.Target target = assign.targets().get(i);
      if (target.index().isPresent()) {
        throw Problem.of(
            Diagnostic.at(
                target.span(), "statement", "an equation over time stands in a 'recur' block"));
      }
      scope.bind(target.name().text(), named(values.get(i), target.name(), scope));
    }
  }

  /** A value for each name on the left. */
  List<Value> values(Ast.AssignStatement assign, Scope scope) {
    if (assign.targets().size() == 1) {
      return List.of(elaboration.expressions.value(assign.value(), scope));
    }
    Value value = elaboration.expressions.results(assign.value(), scope);
    List<Value> several =
        switch (value) {
          case Value.Results results -> results.values();
          case Value.Several list -> list.values();
          default -> List.of(value);
        };
    if (several.size() == assign.targets().size()) {
      return several;
    }
    throw Problem.of(
        Diagnostic.at(
                assign.span(),
                "statement",
                assign.targets().size()
                    + " names for "
                    + (several.size() == 1 ? "one value" : several.size() + " values"))
            .label(assign.value().span(), value.described()));
  }

  /** A bound instance takes the name as its path; a tensor is labelled with it. */
  private Value named(Value value, Ast.Name name, Scope scope) {
    switch (value) {
      case Value.Instance instance when !instance.hasPlace() ->
          instance.place(
              elaboration.takePath(scope.frame(), scope.frame().bound(name.text()), name.span()),
              scope.frame());
      case TensorValue tensor
          when !(tensor.node().op() instanceof Variable) && !tensor.node().inputs().isEmpty() ->
          elaboration.builder.label(tensor.node(), scope.frame().label(name.text()));
      default -> {}
    }
    return value;
  }

  /** Fresh parameters each turn; what was bound outside is carried to the next turn, what is new is local. */
  private void repeat(Ast.RepeatStatement repeat, Scope scope) {
    int turns = turns(repeat, scope);
    if (turns == 1 || elaboration.isWithin(HeadsBlock.class)) {
      copied(repeat, turns, scope);
      return;
    }
    Elaboration.State before = elaboration.state();
    try {
      new RepeatBlock(elaboration, repeat, turns, scope).elaborate();
    } catch (RepeatBlock.TurnsDiffer copied) {
      elaboration.restore(before);
      copied(repeat, turns, scope);
    }
  }

  private void copied(Ast.RepeatStatement repeat, int turns, Scope scope) {
    Span heading =
        new Span(repeat.span().source(), repeat.span().from(), repeat.count().span().to());
    elaboration.growth.run(heading, () -> turnByTurn(repeat, turns, scope));
  }

  private void turnByTurn(Ast.RepeatStatement repeat, int turns, Scope scope) {
    Set<String> carried = RepeatBlock.carried(elaboration, repeat, scope);
    for (int turn = 1; turn <= turns; turn++) {
      elaboration.growth.operation(repeat.count().span());
      Scope inner = scope.inner(scope.frame().turn(turn));
      carried.forEach(name -> inner.bind(name, scope.value(name).orElseThrow()));
      Block block = repeat.count()::span;
      Problem.Parts parts = new Problem.Parts();
      parts.attempt(() -> elaboration.run(block, () -> statements(repeat.body(), inner)));
      carried.forEach(name -> parts.attempt(() -> carryOn(repeat, name, inner, scope)));
      if (turn == turns || parts.failed()) {
        scope.frame().after(inner.frame());
      }
      parts.finish();
    }
  }

  /** Hands a value on to the next turn, and out of the last one. */
  private static void carryOn(Ast.RepeatStatement repeat, String name, Scope turn, Scope scope) {
    Value before = scope.value(name).orElseThrow();
    Value after = turn.own(name).orElseThrow();
    scope.bind(name, after);
    if (before instanceof TensorValue old && after instanceof TensorValue now) {
      RepeatBlock.requireShape(repeat, name, old, now);
    }
  }

  private int turns(Ast.RepeatStatement repeat, Scope scope) {
    Value count = elaboration.expressions.value(repeat.count(), scope);
    if (count instanceof Value.Num number
        && number.value() == Math.rint(number.value())
        && number.value() >= 1
        && number.value() <= MOST_TURNS) {
      return (int) number.value();
    }
    throw Problem.of(
        Diagnostic.at(
                repeat.count().span(),
                "repeat",
                "a whole number of turns from 1 to " + MOST_TURNS + " was expected")
            .note("found " + count.described()));
  }
}
