package nnc.compiler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Type;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import org.jspecify.annotations.Nullable;

/**
 * A {@code recur} block while its equations are elaborated: once, for any step. What is read at {@code t} or {@code t-1} are
 * slots of the body.
 */
final class RecurBlock implements Block {
  private final Elaboration elaboration;
  private final Ast.RecurStatement statement;
  private final Size length;
  private final Scope scope;
  private final Map<String, State> states = new LinkedHashMap<>();
  private final Map<String, TensorValue> current = new LinkedHashMap<>();
  private final Map<Node, Node> parts = new LinkedHashMap<>();
  private final Set<String> broken = new HashSet<>();
  private @Nullable Span back;
  private @Nullable Span ahead;
  private final int first;
  private int truncate;

  /** What is handed from step to step: its first value, and the slot that stands for it. */
  private record State(TensorValue start, TensorValue slot, Span span) {}

  private RecurBlock(
      Elaboration elaboration, Ast.RecurStatement statement, Size length, Scope outer) {
    this.elaboration = elaboration;
    this.statement = statement;
    this.length = length;
    this.scope = outer.inner();
    this.first = elaboration.builder.nodes().size();
  }

  /** Elaborates a block, and binds what its equations define, at all steps, in the scope around it. */
  static void elaborate(Elaboration elaboration, Ast.RecurStatement statement, Scope outer) {
    String axis = statement.axis().text();
    Size length =
        outer
            .dim(axis)
            .orElseThrow(() ->
                outer.value(axis).orElse(null) instanceof Value.Broken
                    ? Problem.told()
                    : Problem.of(unknownAxis(statement.axis(), outer)));
    if (!length.isConstant()) {
      throw Problem.of(
          Diagnostic.at(
                  statement.axis().span(),
                  "recur",
                  "the number of steps is known before running: '" + axis + "' is not")
              .note("'" + axis + "' is the batch: the dim that all inputs have first")
              .help("put a batch in front of what is fed: [B, " + axis + ", …]"));
    }
    new RecurBlock(elaboration, statement, length, outer).run(outer);
  }

  static Diagnostic unknownAxis(Ast.Name axis, Scope scope) {
    return Shapes.unknownDim(
        axis, scope, "declare it, and name the axis of time by it: dim " + axis + " = 5");
  }

  private void run(Scope outer) {
    scope.bind(statement.index().text(), new Value.Time(this, 0));
    elaboration.run(this, this::body);
    if (current.isEmpty()) {
      throw Problem.of(
          Diagnostic.at(statement.span(), "recur", "this block has no equation over time")
              .help("write one for each value: h[" + statement.index() + "] = …"));
    }
    bindResults(outer);
  }

  @Override
  public Span heading() {
    return statement.axis().span();
  }

  @Override
  public void requireTotal(Set<Node> read, Node by, Set<Node> behind, Span place) {
    List<Node> slots = states.values().stream().map(state -> state.slot.node()).toList();
    if (Block.hides(slots, parts, read, by, behind)) {
      throw Problem.of(
          Diagnostic.at(place, "grad", "this gradient leads through other steps")
              .note("what is differentiated is computed from states, or from parts of a sequence")
              .label(heading(), "which depend on a value from outside of this block")
              .help("take the gradient outside of the block, or by a value of the step"));
    }
  }

  private void body() {
    Problem.Parts parts = new Problem.Parts();
    for (Ast.Statement each : statement.body()) {
      parts.attempt(() -> elaboration.builder.run(each.span(), () -> statement(each)));
    }
    for (Map.Entry<String, State> state : states.entrySet()) {
      parts.attempt(() -> requireEquation(state.getKey(), state.getValue()));
    }
    parts.finish();
  }

  private void statement(Ast.Statement each) {
    switch (each) {
      case Ast.StartStatement start -> breaking(start.names(), () -> start(start));
      case Ast.TruncateStatement cut -> truncate(cut);
      case Ast.AssignStatement assign
          when assign.targets().stream().anyMatch(target -> target.index().isPresent()) ->
          breaking(
              assign.targets().stream().map(Ast.Target::name).toList(), () -> equation(assign));
      default -> elaboration.bodies.statement(each, scope);
    }
  }

  /** Where a definition fails, what it would have defined is not missed. */
  private void breaking(List<Ast.Name> names, Runnable definition) {
    try {
      definition.run();
    } catch (Problem problem) {
      names.forEach(name -> broken.add(name.text()));
      throw problem;
    }
  }

  private void requireEquation(String name, State state) {
    if (!current.containsKey(name) && !broken.contains(name)) {
      Diagnostic missing =
          Diagnostic.at(state.span, "recur", "the state '" + name + "' has no equation")
              .help("write " + name + "[" + statement.index() + "] = …");
      throw Problem.of(
          targets()
              .filter(target -> target.name().text().equals(name))
              .findFirst()
              .map(target -> missing.label(target.span(), "a value of this step alone"))
              .orElse(missing));
    }
  }

  /** What the equations of the block define, at each step or of the step alone. */
  private Stream<Ast.Target> targets() {
    return statement.body().stream()
        .filter(Ast.AssignStatement.class::isInstance)
        .flatMap(each -> ((Ast.AssignStatement) each).targets().stream());
  }

  private boolean defines(String name) {
    return targets()
        .anyMatch(target -> target.index().isPresent() && target.name().text().equals(name));
  }

  private void truncate(Ast.TruncateStatement cut) {
    Value steps = elaboration.expressions.value(cut.steps(), scope);
    if (!(steps instanceof Value.Num number)
        || number.value() < 1
        || number.value() != Math.rint(number.value())) {
      throw Problem.of(
          Diagnostic.at(
                  cut.steps().span(),
                  "recur",
                  "a whole number of steps, at least 1, was expected here")
              .note("found " + steps.described())
              .help("without 'truncate', the gradient goes back to the first step"));
    }
    truncate = (int) number.value();
  }

  /** {@code start h, c: [B, hidden] = 0}. */
  private void start(Ast.StartStatement start) {
    TensorValue given =
        elaboration.tensors.number(elaboration.expressions.tensor(start.value(), scope));
    TensorValue first = start.type().isPresent() ? shaped(given, start, start.type().get()) : given;
    Type type = new Type(element(first, start), first.node().shape());
    for (Ast.Name name : start.names()) {
      Node slot = elaboration.previous(type);
      elaboration.builder.label(slot, name.text());
      State state = new State(first, new TensorValue(slot, first.axes()), name.span());
      if (states.putIfAbsent(name.text(), state) != null) {
        throw Problem.at(name.span(), "name", "the state '" + name + "' is started twice");
      }
    }
  }

  /** What is handed on: the elements that are written, else those of the start. */
  private static ElementType element(TensorValue first, Ast.StartStatement start) {
    Optional<Ast.Name> written = start.type().flatMap(Ast.TypeExpression::element);
    ElementType element =
        written.isPresent() ? Shapes.element(start.type().get()) : first.node().type().element();
    if (element == ElementType.BOOL) {
      throw Problem.of(
          Diagnostic.at(written.orElseThrow().span(), "type", "a state holds numbers")
              .help("leave 'bool' out: truth values are handed on as 1 and 0"));
    }
    if (element == ElementType.I32) {
      WholeNumbers.require(first, "this state holds whole numbers", start.value().span());
    }
    return element;
  }

  private TensorValue shaped(TensorValue given, Ast.StartStatement start, Ast.TypeExpression type) {
    Shapes.Declared declared = elaboration.shapes.declared(type, scope);
    if (!Tensors.expands(given.node().shape(), declared.shape())) {
      throw Problem.of(
          Diagnostic.at(start.value().span(), "shape", "this is no start of the state's shape")
              .note("found " + given.shapeText() + ", declared is " + declared.shape())
              .help(Shapes.BROADCASTING));
    }
    return new TensorValue(Tensors.expand(given.node(), declared.shape()), declared.axes());
  }

  /** {@code h[t] = …}. */
  private void equation(Ast.AssignStatement assign) {
    List<Value> values = elaboration.bodies.values(assign, scope);
    for (int i = 0; i < values.size(); i++) {
      Ast.Target target = assign.targets().get(i);
      String name = target.name().text();
      if (target.index().isEmpty()) {
        scope.bind(name, values.get(i));
        continue;
      }
      if (!(elaboration.expressions.value(target.index().get(), scope) instanceof Value.Time time)
          || time.block() != this
          || time.offset() != 0) {
        throw Problem.of(
            Diagnostic.at(target.span(), "recur", "an equation defines a value at the present step")
                .help("write " + name + "[" + statement.index() + "] = …"));
      }
      TensorValue tensor =
          elaboration.tensors.number(
              elaboration.tensors.tensor(values.get(i), assign.value().span()));
      State state = states.get(name);
      if (state != null && !state.start.node().shape().equals(tensor.node().shape())) {
        throw Problem.of(
            Diagnostic.at(
                    assign.value().span(), "shape", "a state keeps its shape from step to step")
                .note(
                    "'"
                        + name
                        + "' starts with "
                        + state.start.shapeText()
                        + ", is "
                        + tensor.shapeText()
                        + " after the step")
                .label(state.span, "started here"));
      }
      if (state != null
          && state.slot.node().type().element() == ElementType.I32
          && !WholeNumbers.are(tensor.node())) {
        throw Problem.of(
            Diagnostic.at(
                    assign.value().span(),
                    "type",
                    "a state of whole numbers stays one at each step")
                .note("found " + tensor.described())
                .label(state.span, "started here")
                .help(
                    "round it: floor(…); or start with real numbers: start "
                        + name
                        + ": f32[B, …] = …"));
      }
      if (current.putIfAbsent(name, tensor) != null) {
        throw Problem.at(
            target.span(), "recur", "'" + name + "' is defined twice at the same step");
      }
      if (!tensor.node().inputs().isEmpty()) {
        elaboration.builder.label(tensor.node(), scope.frame().label(name));
      }
    }
  }

  /** The number of the present step, as it is written. */
  String number() {
    return "iota(" + statement.axis() + ")[" + statement.index() + "]";
  }

  /** What {@code name[t]}, {@code name[t-1]} or {@code name[t+1]} reads. */
  TensorValue read(Ast.Index index, Value.Time time, Scope from) {
    String name = index.target() instanceof Ast.NameReference reference ? reference.name() : "";
    String at = statement.index().text();
    if (broken.contains(name)) {
      throw Problem.told();
    }
    if (time.offset() == 0) {
      if (current.containsKey(name)) {
        return current.get(name);
      }
      if (states.containsKey(name) || defines(name) && from.value(name).isEmpty()) {
        throw Problem.of(
            Diagnostic.at(
                    index.span(),
                    "recur",
                    "'" + index.span().text() + "' is read before its equation")
                .help(
                    "equations run in their order: "
                        + (states.containsKey(name)
                            ? "the step before is " + name + "[" + at + "-1]"
                            : "move this one behind that of " + name)));
      }
      return part(index, from);
    }
    if (!states.containsKey(name)) {
      broken.add(name);
      throw Problem.of(stateless(index, name));
    }
    if (Math.abs(time.offset()) != 1) {
      throw Problem.of(
          Diagnostic.at(index.span(), "recur", "a state is read one step before, or one step after")
              .note(
                  "'"
                      + index.span().text()
                      + "' is "
                      + Math.abs(time.offset())
                      + " steps "
                      + (time.offset() < 0 ? "before" : "after"))
              .help(
                  "for more steps, hand the value on in a state of its own: before["
                      + at
                      + "] = "
                      + name
                      + "["
                      + at
                      + (time.offset() < 0 ? "-1]" : "+1]")));
    }
    direction(index.span(), time.offset() < 0);
    return states.get(name).slot;
  }

  private Diagnostic stateless(Ast.Index index, String name) {
    return defines(name)
        ? Diagnostic.at(index.span(), "recur", "the state '" + name + "' has no start")
            .note("at the first step there is no step before it to read")
            .help("say what it starts with: start " + name + ": [B, …] = 0")
        : Diagnostic.at(
                index.span(), "recur", "only what this block computes can be read at another step")
            .help("hand the value on in a state of its own");
  }

  private void direction(Span span, boolean backward) {
    if (backward && back == null) {
      back = span;
    } else if (!backward && ahead == null) {
      ahead = span;
    }
    if (back != null && ahead != null) {
      throw Problem.of(
          Diagnostic.at(span, "recur", "one block runs in one direction")
              .label(
                  backward ? ahead : back,
                  backward ? "reads the step after" : "reads the step before")
              .help("write two blocks, one for each direction"));
    }
  }

  /** The present step's part of a tensor from outside that has the axis of time. */
  private TensorValue part(Ast.Index index, Scope from) {
    TensorValue whole = elaboration.expressions.tensor(index.target(), from);
    int axis = axisOfTime(whole, index);
    List<Integer> order = new ArrayList<>(Tensors.allAxes(whole.axes().size()));
    order.remove(axis);
    order.addFirst(axis);
    Node sequence = whole.node().permute(order);
    Node slot =
        parts.computeIfAbsent(
            sequence,
            missing -> {
              Node made = elaboration.part(missing);
              whole.node().label().ifPresent(label -> elaboration.builder.label(made, label));
              return made;
            });
    List<@Nullable String> names = new ArrayList<>(whole.axes());
    names.remove(axis);
    return new TensorValue(slot, names);
  }

  /** The axis that is named as the steps are, and has a place for each. */
  private int axisOfTime(TensorValue whole, Ast.Index index) {
    String time = statement.axis().text();
    List<Integer> candidates =
        Tensors.allAxes(whole.axes().size()).stream()
            .filter(axis -> whole.node().shape().size(axis).equals(length))
            .toList();
    List<Integer> named =
        candidates.stream().filter(axis -> time.equals(whole.axes().get(axis))).toList();
    if (named.size() == 1) {
      return named.getFirst();
    }
    Diagnostic problem =
        Diagnostic.at(
                index.span(),
                "recur",
                named.isEmpty()
                    ? "there is no axis '" + time + "' to read a step of"
                    : "the axis '" + time + "' stands twice here")
            .label(index.target().span(), whole.described());
    throw Problem.of(
        candidates.isEmpty()
            ? problem.note("no axis has " + length + " places, one for each step")
            : problem.help(naming(whole, candidates.getFirst(), index.target().span().text())));
  }

  /** How an axis gets the name of the steps. */
  private String naming(TensorValue whole, int axis, String tensor) {
    String time = statement.axis().text();
    List<String> sizes = new ArrayList<>();
    for (int each = 0; each < whole.axes().size(); each++) {
      String name = whole.axes().get(each);
      boolean shown = name != null && !name.equals(time) && scope.dim(name).isPresent();
      sizes.add(each == axis ? time : shown ? name : whole.node().shape().size(each).toString());
    }
    return "name it: reshape("
        + tensor
        + ", ("
        + String.join(", ", sizes)
        + ")), or in a layer: (x: [B, "
        + time
        + ", d])";
  }

  private void bindResults(Scope outer) {
    Recurrence recurrence =
        new Recurrence(elaboration.builder, length.constant(), ahead != null, truncate);
    parts.forEach((sequence, slot) -> recurrence.sequence(slot, sequence));
    recurrence.draws(first);
    states.forEach((name, state) -> {
      TensorValue next = Known.in(current, name);
      recurrence.state(state.slot.node(), state.start.node(), next.node());
    });
    targets()
        .map(target -> target.name().text())
        .filter(name -> !current.containsKey(name))
        .forEach(name ->
            outer.hint(name, "for all steps, write " + name + "[" + statement.index() + "] = …"));
    List<Node> values = current.values().stream().map(TensorValue::node).distinct().toList();
    Map<Node, Node> results = recurrence.close(values);
    Map<Node, TensorValue> bound = new HashMap<>();
    current.forEach((name, value) ->
        outer.bind(
            name,
            bound.computeIfAbsent(
                value.node(),
                node -> overTime(Known.in(results, node), value.axes(), name, outer))));
  }

  /** Time stands behind the batch: [B, T, …]. */
  private TensorValue overTime(Node result, List<@Nullable String> axes, String name, Scope outer) {
    List<Integer> order = new ArrayList<>(Tensors.allAxes(axes.size() + 1));
    List<@Nullable String> names = new ArrayList<>(axes);
    names.add(axes.isEmpty() ? 0 : 1, statement.axis().text());
    if (!axes.isEmpty()) {
      order.set(0, 1);
      order.set(1, 0);
    }
    elaboration.builder.label(result, outer.frame().label(name));
    return new TensorValue(result.permute(order), names);
  }
}
