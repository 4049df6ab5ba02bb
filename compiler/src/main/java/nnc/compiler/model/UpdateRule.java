package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.syntax.Ast;

/** The equations of one optimizer, over one flat vector of parameters and its gradient. */
final class UpdateRule {
  private static final String PARAMETER = "w";

  /** What a rule reads and does not define. */
  private static final Map<String, String> GIVEN =
      Map.of(
          "g", "the gradient",
          "k", "the number of the step",
          "epoch", "the number of the epoch",
          "steps", "the number of all steps");

  private final Ast.OptimizerDeclaration declaration;
  private final int index;
  private final Node gradient;
  private final Elaboration elaboration;
  private final GraphBuilder builder;
  private final Scope scope;
  private final Map<String, Shape> kept = new LinkedHashMap<>();
  private final List<Training.State> states = new ArrayList<>();

  /**
   * @param index of the group: its parameters are {@code w0}, its state m is {@code m0}
   * @param scope with the hyper-parameters and the settings of a step
   */
  UpdateRule(
      Ast.OptimizerDeclaration declaration,
      int index,
      Node gradient,
      Elaboration elaboration,
      Scope scope) {
    this.declaration = declaration;
    this.index = index;
    this.gradient = gradient;
    this.elaboration = elaboration;
    this.builder = elaboration.builder;
    this.scope = scope;
  }

  List<Training.State> states() {
    return states;
  }

  /** The next values of the parameters and of all states, by their variables. */
  Map<String, Node> elaborate() {
    Shape shape = gradient.shape();
    Node w =
        builder.add(new Variable(Variable.Kind.PARAMETER, variable(PARAMETER), Type.f32(shape)));
    scope.bind(PARAMETER, new TensorValue(builder.label(w, PARAMETER), Tensors.unnamed(1)));
    scope.bind("g", new TensorValue(builder.label(gradient, "g"), Tensors.unnamed(1)));
    kept.put(PARAMETER, shape);
    Problem.Parts parts = new Problem.Parts();
    for (Ast.Statement each : declaration.body()) {
      parts.attempt(() -> builder.run(each.span(), () -> statement(each)));
    }
    parts.finish();
    Map<String, Node> next = new LinkedHashMap<>();
    kept.forEach((name, own) -> next.put(variable(name), next(name, own)));
    refuseReductions(next);
    return next;
  }

  private String variable(String name) {
    return name + index;
  }

  private void statement(Ast.Statement statement) {
    switch (statement) {
      case Ast.StateStatement state -> state(state);
      case Ast.AssignStatement assign -> equation(assign);
      default ->
          throw Problem.of(
              Diagnostic.at(
                      statement.span(),
                      "statement",
                      "an optimizer consists of states and equations")
                  .help("state m = 0, m = …, w = …"));
    }
  }

  private void state(Ast.StateStatement statement) {
    try {
      statement.names().forEach(this::requireOwn);
      stored(statement);
    } catch (Problem problem) {
      BoundNames.breakThose(statement, scope);
      throw problem;
    }
  }

  private void stored(Ast.StateStatement statement) {
    boolean scalar = statement.type().isPresent() && statement.type().get().axes().isEmpty();
    if (statement.type().isPresent() && !scalar) {
      throw Problem.of(
          Diagnostic.at(
                  statement.type().get().span(),
                  "shape",
                  "a state has the shape of the parameter, or is one number")
              .help("state m = 0, or state p: [] = 1"));
    }
    Value value = elaboration.expressions.value(statement.value(), scope);
    if (!(value instanceof Value.Num initial)) {
      throw Problem.of(
          Diagnostic.at(statement.value().span(), "type", "a state starts as a number")
              .note("found " + value.described()));
    }
    Shape shape = scalar ? Shape.SCALAR : gradient.shape();
    for (Ast.Name name : statement.names()) {
      String variable = variable(name.text());
      if (kept.putIfAbsent(name.text(), shape) != null) {
        throw Problem.at(name.span(), "name", "the name '" + name + "' is declared twice");
      }
      Node node = builder.add(new Variable(Variable.Kind.STATE, variable, Type.f32(shape)));
      scope.bind(
          name.text(),
          new TensorValue(builder.label(node, name.text()), Tensors.unnamed(shape.rank())));
      states.add(new Training.State(variable, name.text(), index, scalar, initial.value()));
    }
  }

  /** An equation defines the parameter, a state or a name of its own. */
  private void equation(Ast.AssignStatement assign) {
    Problem.Parts parts = new Problem.Parts();
    assign.targets().forEach(target -> parts.attempt(() -> requireOwn(target.name())));
    parts.attempt(() -> elaboration.bodies.statement(assign, scope));
    assign.targets().forEach(target -> parts.attempt(() -> requireNumbers(assign, target.name())));
    parts.finish();
  }

  private void requireOwn(Ast.Name name) {
    boolean configured =
        declaration.configuration().stream()
            .anyMatch(parameter -> parameter.name().text().equals(name.text()));
    if (configured || GIVEN.containsKey(name.text())) {
      throw Problem.of(
          Diagnostic.at(name.span(), "statement", "an optimizer does not define '" + name + "'")
              .note(
                  "'"
                      + name
                      + "' is "
                      + (configured ? "a hyper-parameter" : GIVEN.get(name.text()))
                      + "; equations define 'w', states, and names that mean nothing else")
              .help("choose another name"));
    }
  }

  /** What is kept from step to step is a number for each place, or one number. */
  private void requireNumbers(Ast.AssignStatement assign, Ast.Name name) {
    Shape shape = kept.get(name.text());
    Value value = scope.own(name.text()).orElseThrow();
    if (shape == null || value instanceof Value.Num || value instanceof Value.Broken) {
      return;
    }
    if (!(value instanceof TensorValue tensor)
        || tensor.node().type().element() == ElementType.BOOL) {
      scope.bind(name.text(), new Value.Broken());
      throw Problem.of(
          Diagnostic.at(assign.value().span(), "type", "'" + name + "' is made of numbers")
              .note(
                  value instanceof TensorValue
                      ? "found truth values"
                      : "found " + value.described())
              .help("where(condition, yes, no) makes numbers of truth values"));
    }
    if (tensor.node().shape().rank() > shape.rank()) {
      scope.bind(name.text(), new Value.Broken());
      throw Problem.of(
          Diagnostic.at(assign.value().span(), "shape", "the state '" + name + "' is one number")
              .note("found one for each place of the parameter")
              .help("declare it without []: state " + name + " = 0"));
    }
  }

  private Node next(String name, Shape shape) {
    TensorValue value =
        elaboration.tensors.tensor(scope.own(name).orElseThrow(), declaration.name().span());
    Node node = Tensors.expand(value.node(), shape);
    return node.op() instanceof Leaf ? node : builder.label(node, name);
  }

  /** Equations hold element by element: what reduces over a parameter would reduce over the whole group. */
  private void refuseReductions(Map<String, Node> next) {
    List<Node> clipping = Graph.needed(List.of(gradient));
    for (Node node : Graph.needed(next.values())) {
      if (node.op() instanceof Reduction && !clipping.contains(node)) {
        node.spans().stream()
            .filter(span -> span.source() == declaration.span().source())
            .findFirst()
            .ifPresent(span -> {
              throw Problem.at(
                  span,
                  "unsupported",
                  "sums over a parameter are not part of optimizer equations in this version");
            });
      }
    }
  }
}
