package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Minimum;
import nnc.compiler.ir.op.Sqrt;
import nnc.compiler.model.Arguments.Argument;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.syntax.Ast;

/**
 * Makes one graph of the update equations of all groups, over flat vectors: the parameters of a group lie one after the
 * other, so a step is one pass over them.
 */
final class OptimizerEquations {
  private static final double CLIP_EPSILON = 1e-6;

  private final Scope globals;
  private final Problems problems;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Ast.OptimizerItem> groupItems = new ArrayList<>();
  private final List<Node> gradients = new ArrayList<>();
  private final List<Training.State> states = new ArrayList<>();
  private final Map<String, Node> roots = new LinkedHashMap<>();

  OptimizerEquations(Scope globals, Problems problems) {
    this.globals = globals;
    this.problems = problems;
  }

  List<Training.State> states() {
    return states;
  }

  Training.Group group(Ast.OptimizerItem item, int index, List<TypedModel.Parameter> parameters) {
    long elements =
        parameters.stream().mapToLong(parameter -> parameter.shape().elements().constant()).sum();
    Ast.OptimizerDeclaration declaration = declaration(item);
    int length = Math.toIntExact(elements);
    gradients.add(
        builder.label(
            builder.add(
                new Variable(Variable.Kind.GRADIENT, "g" + index, Type.f32(Shape.of(length)))),
            "g"));
    groupItems.add(item);
    return new Training.Group(
        declaration.name().text(),
        item.optimizer().span().text(),
        parameters.stream().map(TypedModel.Parameter::path).toList(),
        length,
        item.span());
  }

  private Ast.OptimizerDeclaration declaration(Ast.OptimizerItem item) {
    Ast.Expression named =
        item.optimizer() instanceof Ast.Call call ? call.callee() : item.optimizer();
    if (named instanceof Ast.NameReference name) {
      Value value = globals.value(name.name()).orElse(new Value.Broken());
      if (value instanceof Value.OptimizerKind kind) {
        return kind.declaration();
      }
      List<String> known =
          globals.visible().stream()
              .filter(other -> globals.value(other).orElseThrow() instanceof Value.OptimizerKind)
              .sorted()
              .toList();
      throw Problem.of(
          Diagnostic.at(name.span(), "name", "there is no optimizer '" + name.name() + "'")
              .help("there are " + String.join(", ", known)));
    }
    throw Problem.at(
        item.optimizer().span(),
        "train",
        "an optimizer was expected here, for example Adam(lr = 1e-3)");
  }

  /** The equations of every group, gradients clipped first where that is asked for. */
  Graph graph(List<Ast.TrainItem> items) {
    List<Node> clipped = new ArrayList<>(gradients);
    for (Ast.TrainItem item : items) {
      if (item instanceof Ast.ClipItem clip) {
        problems.guarded(
            clip.span(),
            () ->
                builder.at(
                    clip.span(),
                    () -> {
                      clip(clip, clipped);
                      return null;
                    }));
      }
    }
    for (int i = 0; i < groupItems.size(); i++) {
      int index = i;
      problems.guarded(
          groupItems.get(i).span(),
          () -> equations(groupItems.get(index), index, clipped.get(index)));
    }
    return Graph.of(roots);
  }

  private void clip(Ast.ClipItem clip, List<Node> gradients) {
    Elaboration elaboration = elaboration();
    TensorValue bound = elaboration.expressions.tensor(clip.bound(), settings(elaboration));
    if (!bound.axes().isEmpty()
        || bound.node().constantValue().filter(value -> !(value > 0)).isPresent()) {
      throw Problem.at(clip.bound().span(), "train", "the bound of 'clip' is a number above 0");
    }
    if (gradients.isEmpty()) {
      return;
    }
    if (clip.byNorm()) {
      Node squares =
          gradients.stream()
              .map(g -> builder.label(g.squared().sum(List.of(0)), "squared_norm"))
              .reduce(Node::plus)
              .orElseThrow();
      Node norm = builder.label(squares.apply(new Sqrt()), "gradient_norm");
      Node scale = bound.node().over(norm.plus(CLIP_EPSILON));
      Node least = builder.label(builder.add(new Minimum(), norm.constant(1), scale), "clip_scale");
      gradients.replaceAll(g -> g.times(least.broadcast(g.shape(), List.of())));
    } else {
      gradients.replaceAll(g -> {
        Node limit = bound.node().broadcast(g.shape(), List.of());
        return builder.add(new Maximum(), builder.add(new Minimum(), g, limit), limit.negated());
      });
    }
  }

  private Elaboration elaboration() {
    return new Elaboration(builder, problems, globals, true, List.of());
  }

  private Scope settings(Elaboration elaboration) {
    Scope scope = elaboration.globals.inner();
    for (String name : List.of("k", "epoch", "steps")) {
      scope.bind(
          name,
          Tensors.scalar(
              builder.label(
                  builder.add(new Variable(Variable.Kind.SETTING, name, Type.f32(Shape.SCALAR))),
                  name)));
    }
    return scope;
  }

  private void equations(Ast.OptimizerItem item, int index, Node gradient) {
    Elaboration elaboration = elaboration();
    Ast.OptimizerDeclaration declaration = declaration(item);
    Scope scope = settings(elaboration);
    bindHyperParameters(item, declaration, elaboration, scope);
    Shape shape = gradient.shape();
    Node w = builder.add(new Variable(Variable.Kind.PARAMETER, "w" + index, Type.f32(shape)));
    scope.bind("w", new TensorValue(builder.label(w, "w"), Tensors.unnamed(1)));
    scope.bind("g", new TensorValue(builder.label(gradient, "g"), Tensors.unnamed(1)));
    List<Training.State> own = new ArrayList<>();
    for (Ast.Statement statement : declaration.body()) {
      builder.at(
          statement.span(),
          () -> {
            switch (statement) {
              case Ast.StateStatement state ->
                  own.addAll(state(state, index, shape, scope, elaboration));
              case Ast.AssignStatement assign -> elaboration.bodies.statement(assign, scope);
              default ->
                  throw Problem.of(
                      Diagnostic.at(
                              statement.span(),
                              "statement",
                              "an optimizer consists of states and equations")
                          .help("state m = 0, m = …, w = …"));
            }
            return null;
          });
    }
    roots.put("w" + index, next("w", shape, scope, declaration));
    for (Training.State state : own) {
      roots.put(
          state.name(),
          next(state.equation(), state.scalar() ? Shape.SCALAR : shape, scope, declaration));
    }
    states.addAll(own);
    refuseReductions(gradient, declaration);
  }

  private void bindHyperParameters(
      Ast.OptimizerItem item,
      Ast.OptimizerDeclaration declaration,
      Elaboration elaboration,
      Scope scope) {
    List<Argument> positional = new ArrayList<>();
    Map<String, Argument> named = new LinkedHashMap<>();
    if (item.optimizer() instanceof Ast.Call call) {
      for (Ast.Argument argument : call.arguments()) {
        Argument value =
            new Argument(elaboration.expressions.value(argument.value(), scope), argument.span());
        argument
            .keyword()
            .ifPresentOrElse(
                keyword -> named.put(keyword.text(), value), () -> positional.add(value));
      }
    }
    Arguments arguments =
        new Arguments(
            elaboration,
            declaration.name().text(),
            scope,
            item.optimizer().span(),
            positional,
            named);
    elaboration.calls.bindAll(declaration.configuration(), arguments, scope);
  }

  private List<Training.State> state(
      Ast.StateStatement statement, int index, Shape shape, Scope scope, Elaboration elaboration) {
    boolean scalar = statement.type().isPresent() && statement.type().get().axes().isEmpty();
    if (statement.type().isPresent() && !scalar) {
      throw Problem.of(
          Diagnostic.at(
                  statement.type().get().span(),
                  "shape",
                  "a state has the shape of the parameter, or is one number")
              .help("state m = 0, or state p: [] = 1"));
    }
    if (!(elaboration.expressions.value(statement.value(), scope) instanceof Value.Num initial)) {
      throw Problem.at(statement.value().span(), "type", "a state starts as a number");
    }
    List<Training.State> states = new ArrayList<>();
    for (Ast.Name name : statement.names()) {
      String variable = name.text() + index;
      Node node =
          builder.add(
              new Variable(Variable.Kind.STATE, variable, Type.f32(scalar ? Shape.SCALAR : shape)));
      scope.bind(
          name.text(),
          new TensorValue(builder.label(node, name.text()), Tensors.unnamed(scalar ? 0 : 1)));
      states.add(new Training.State(variable, name.text(), index, scalar, initial.value()));
    }
    return states;
  }

  private Node next(String name, Shape shape, Scope scope, Ast.OptimizerDeclaration declaration) {
    Value value = scope.value(name).orElseThrow();
    if (value instanceof Value.Broken) {
      throw Problem.told();
    }
    TensorValue tensor = new Tensors(builder).tensor(value, declaration.name().span());
    if (tensor.node().shape().rank() > shape.rank()) {
      throw Problem.at(
          declaration.name().span(),
          "shape",
          "the new value of '" + name + "' must be one number, as its state is");
    }
    Node node = Tensors.expand(tensor.node(), shape);
    return node.op() instanceof Leaf ? node : builder.label(node, name);
  }

  /** Equations hold element by element: what reduces over a parameter would reduce over the whole group. */
  private void refuseReductions(Node gradient, Ast.OptimizerDeclaration declaration) {
    List<Node> clipping = Graph.needed(List.of(gradient));
    for (Node node : Graph.of(roots).nodes()) {
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
