package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Minimum;
import nnc.compiler.ir.op.Sqrt;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;

/**
 * Makes one graph of the update equations of all groups, over flat vectors: the parameters of a group lie one after the
 * other, so a step is one pass over them.
 */
final class OptimizerEquations {
  private static final double CLIP_EPSILON = 1e-6;
  private static final int UNKNOWN_LENGTH = 2;
  private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 64;

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
    requireSpace(item, parameters);
    long elements =
        parameters.stream().mapToLong(parameter -> parameter.shape().elements().constant()).sum();
    Ast.OptimizerDeclaration declaration = declaration(item);
    int length = Math.toIntExact(elements);
    gradients.add(gradient(index, length));
    groupItems.add(item);
    return new Training.Group(
        declaration.name().text(),
        item.optimizer().span().text(),
        parameters.stream().map(TypedModel.Parameter::path).toList(),
        length,
        item.span());
  }

  /** The parameters of a group lie in one array. */
  private static void requireSpace(Ast.OptimizerItem item, List<TypedModel.Parameter> parameters) {
    double all = parameters.stream().mapToDouble(OptimizerEquations::elements).sum();
    if (all > MOST_ELEMENTS) {
      TypedModel.Parameter largest =
          Collections.max(parameters, Comparator.comparingDouble(OptimizerEquations::elements));
      throw Problem.of(
          Diagnostic.at(
                  item.span(), "memory", "the parameters have more elements than an array can hold")
              .note(
                  String.format(
                      Locale.ROOT,
                      "%.3g elements, at most %d are possible; the largest is '%s', %s",
                      all,
                      MOST_ELEMENTS,
                      largest.path(),
                      largest.shape()))
              .help("make a dim smaller, or freeze parameters"));
    }
  }

  private static double elements(TypedModel.Parameter parameter) {
    return parameter.shape().sizes().stream()
        .mapToDouble(size -> size.constant())
        .reduce(1, (a, b) -> a * b);
  }

  /** What is written before the parentheses. */
  static String name(Ast.OptimizerItem item) {
    return named(item).span().text();
  }

  private static Ast.Expression named(Ast.OptimizerItem item) {
    return item.optimizer() instanceof Ast.Call call ? call.callee() : item.optimizer();
  }

  private Ast.OptimizerDeclaration declaration(Ast.OptimizerItem item) {
    Ast.Expression named = named(item);
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
    return elaboration("");
  }

  private Elaboration elaboration(String drawsUnder) {
    return new Elaboration(builder, problems, globals, true, List.of(), drawsUnder);
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
    Elaboration elaboration = elaboration("update" + index + ".");
    Ast.OptimizerDeclaration declaration = declaration(item);
    Scope scope = settings(elaboration);
    Map<String, Span> places = bindHyperParameters(item, declaration, elaboration, scope);
    UpdateRule rule = new UpdateRule(declaration, index, gradient, elaboration, scope);
    try {
      roots.putAll(rule.elaborate());
    } catch (Problem problem) {
      throw problem.seenFrom(item.optimizer().span(), places);
    }
    states.addAll(rule.states());
  }

  /** Checks an optimizer that has nothing to train. */
  static void check(Ast.OptimizerItem item, Scope globals, Problems problems) {
    OptimizerEquations trial = new OptimizerEquations(globals, problems);
    problems.guarded(
        item.span(), () -> trial.equations(item, 0, trial.gradient(0, UNKNOWN_LENGTH)));
  }

  /** Checks an optimizer that no train block uses; what must be given counts as 1. */
  static void check(Ast.OptimizerDeclaration declaration, Scope globals, Problems problems) {
    Span place = declaration.name().span();
    List<Ast.Argument> given =
        declaration.configuration().stream()
            .filter(parameter -> parameter.defaultValue().isEmpty())
            .map(parameter ->
                new Ast.Argument(
                    Optional.of(parameter.name()), new Ast.NumberLiteral(1, true, place), place))
            .toList();
    Ast.Expression callee = new Ast.NameReference(declaration.name().text(), place);
    Ast.Expression call = new Ast.Call(callee, given, Optional.empty(), Optional.empty(), place);
    check(new Ast.OptimizerItem(call, Optional.empty(), place), globals, problems);
  }

  private Node gradient(int index, int length) {
    return builder.label(
        builder.add(new Variable(Variable.Kind.GRADIENT, "g" + index, Type.f32(Shape.of(length)))),
        "g");
  }

  /** Returns where what is given stands. */
  private Map<String, Span> bindHyperParameters(
      Ast.OptimizerItem item,
      Ast.OptimizerDeclaration declaration,
      Elaboration elaboration,
      Scope scope) {
    String name = declaration.name().text();
    Arguments arguments =
        item.optimizer() instanceof Ast.Call call
            ? elaboration.calls.arguments(name, call, scope)
            : new Arguments(elaboration, name, scope, item.optimizer().span(), List.of(), Map.of());
    elaboration.calls.bindAll(declaration.configuration(), arguments, scope);
    Map<String, Span> places = Calls.places(declaration.configuration(), arguments);
    declaration.configuration().forEach(parameter -> requireNumber(parameter, places, scope));
    return places;
  }

  private static void requireNumber(
      Ast.Parameter parameter, Map<String, Span> places, Scope scope) {
    String name = parameter.name().text();
    Value value = scope.own(name).orElseThrow();
    boolean number =
        value instanceof Value.Num
            || value instanceof TensorValue tensor && tensor.axes().isEmpty();
    if (!number) {
      Diagnostic wrong =
          Diagnostic.at(
                  places.getOrDefault(name, parameter.span()),
                  "type",
                  "the hyper-parameter '" + name + "' is one number")
              .note("found " + value.described());
      throw Problem.of(
          parameter
              .defaultValue()
              .map(usual -> wrong.help("without it, it is " + usual.span().text()))
              .orElse(
                  wrong.help("for example " + name + " = 1e-3, or a formula of k, epoch, steps")));
    }
  }
}
