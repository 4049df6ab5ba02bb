package nnc.compiler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;

/** Elaborates one model: twice over the same graph, with train-only effects on and off. */
public final class Models {
  private final Ast.ModelDeclaration declaration;
  private final Map<String, Integer> settings;
  private final Scope globals;
  private final Scope dims;
  private final Problems problems;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<String, TypedModel.Input> inputs = new LinkedHashMap<>();
  private final Map<String, Integer> plain = new LinkedHashMap<>();
  private final Map<String, Integer> bounded = new LinkedHashMap<>();
  private final Map<String, Dim> runTimeDims = new HashMap<>();

  private Models(
      Ast.ModelDeclaration declaration,
      Map<String, Integer> settings,
      Scope globals,
      Problems problems) {
    this.declaration = declaration;
    this.settings = settings;
    this.globals = globals;
    this.dims = globals.inner();
    this.problems = problems;
  }

  /**
   * @param program the files of the model, its imports and the library
   * @param settings sizes of dims that are set from outside
   * @throws nnc.compiler.source.CompileException with every error found
   */
  public static TypedModel elaborate(Program program, Map<String, Integer> settings) {
    Problems problems = new Problems();
    Scope globals = program.globals(problems);
    Ast.ModelDeclaration declaration = program.model(problems);
    List<Ast.TrainDeclaration> trains = program.trains(declaration, problems);
    List<Ast.GenerateDeclaration> generates = program.generates(declaration, problems);
    Map<String, Integer> sizes = new LinkedHashMap<>(settings);
    Models models = new Models(declaration, sizes, globals, problems);
    models.checkSettings();
    Optional<Ast.TrainDeclaration> chosen =
        trains.stream()
            .findFirst()
            .filter(way -> way.variant().isEmpty() || program.variant().isPresent());
    Trainings trainings = models.trainings(chosen);
    trainings
        .batch()
        .ifPresent(batch -> models.batchDim().ifPresent(dim -> sizes.putIfAbsent(dim, batch)));
    program.checkDefinitions(globals, problems);
    models.checkOthers(program);
    List<Trainings> others =
        trains.stream()
            .filter(way -> chosen.filter(way::equals).isEmpty())
            .map(way -> models.trainings(Optional.of(way)))
            .toList();
    return models.elaborate(trainings, others, generates);
  }

  private Trainings trainings(Optional<Ast.TrainDeclaration> way) {
    return new Trainings(declaration, way, globals, dims, problems);
  }

  /** What is there and not used: a second model of this name. */
  private void checkOthers(Program program) {
    for (Ast.ModelDeclaration other : program.models()) {
      if (other != declaration && other.name().text().equals(declaration.name().text())) {
        Models second = new Models(other, Map.of(), globals, problems);
        Elaboration elaboration = second.elaboration(true, List.of());
        second.run(elaboration, body(elaboration), globals.inner());
      }
    }
  }

  /** @param others ways to train it that are not used */
  private TypedModel elaborate(
      Trainings trainings, List<Trainings> others, List<Ast.GenerateDeclaration> generates) {
    int before = problems.count();
    Elaboration training = elaboration(true, trainings.patterns());
    TypedModel.Values trainingValues = run(training, body(training), dims);
    Elaboration inference = elaboration(false, trainings.patterns());
    Scope scope = body(inference);
    boolean tooLarge = training.growth.tooLarge();
    TypedModel.Values inferenceValues =
        tooLarge ? trainingValues : run(inference, scope, globals.inner());
    Map<String, TypedModel.Parameter> parameters = new LinkedHashMap<>(inference.parameters);
    training.parameters.forEach(parameters::putIfAbsent);
    List<TypedModel.Input> resolved = new ArrayList<>();
    for (TypedModel.Input input : inputs.values()) {
      resolved.add(
          new TypedModel.Input(
              input.name(),
              input.doc(),
              input.type(),
              input.axes(),
              input.node(),
              Optional.ofNullable(inference.idRanges.get(input.name())),
              input.span()));
    }
    List<Generating> generating = new ArrayList<>();
    for (Ast.GenerateDeclaration block :
        tooLarge ? List.<Ast.GenerateDeclaration>of() : generates) {
      new Generations(block, resolved, inference, scope).resolve().ifPresent(generating::add);
    }
    if (problems.count() > before) { // an optimizer needs every parameter
      trainings.check(resolved);
      others.forEach(other -> other.check(resolved));
      problems.throwIfAny();
    }
    Training train =
        trainings.resolve(
            parameters.values().stream().filter(parameter -> !parameter.buffer()).toList(),
            resolved,
            trainingValues.loss(),
            batchDim().map(runTimeDims::get));
    others.forEach(other -> other.check(resolved));
    problems.throwIfAny();
    return new TypedModel(
        declaration.name().text(),
        declaration.doc(),
        declaration.span().source(),
        declaration.name().span(),
        builder,
        batchDim().map(runTimeDims::get),
        plain,
        bounded,
        resolved,
        List.copyOf(parameters.values()),
        inferenceValues,
        trainingValues,
        train,
        generating.stream().findFirst());
  }

  private Elaboration elaboration(boolean trainEffects, List<PathPattern> patterns) {
    return new Elaboration(builder, problems, globals, trainEffects, patterns);
  }

  /** A scope for the names of a model's body. */
  private static Scope body(Elaboration elaboration) {
    return elaboration.globals.inner(Frame.root());
  }

  /**
   * @param scope for the names of the body
   * @param dims where the sizes of the model are told to others
   */
  private TypedModel.Values run(Elaboration elaboration, Scope scope, Scope dims) {
    Map<String, Node> outputs = new LinkedHashMap<>();
    Map<String, Node> metrics = new LinkedHashMap<>();
    for (Ast.Statement statement : declaration.body()) {
      Runnable action =
          () -> {
            switch (statement) {
              case Ast.DimStatement dim -> {
                dim(dim, scope, elaboration);
                scope
                    .ownDim(dim.name().text())
                    .ifPresent(size -> dims.bindDim(dim.name().text(), size));
              }
              case Ast.InputStatement input -> input(input, scope, elaboration);
              case Ast.OutputStatement output -> output(output, scope, elaboration, outputs);
              case Ast.MetricStatement metric -> metric(metric, scope, elaboration, metrics);
              default -> elaboration.bodies.statement(statement, scope);
            }
          };
      if (!problems.guarded(
          statement.span(), () -> elaboration.builder.run(statement.span(), action))) {
        BoundNames.breakThose(statement, scope);
      }
    }
    Optional<Node> loss = scope.own("loss").flatMap(value -> loss(value));
    return new TypedModel.Values(outputs, loss, metrics, elaboration.updates);
  }

  private void dim(Ast.DimStatement dim, Scope scope, Elaboration elaboration) {
    String name = dim.name().text();
    if (scope.ownDim(name).isPresent()) {
      throw Problem.at(dim.name().span(), "name", "the dim '" + name + "' is declared twice");
    }
    Integer set = settings.get(name);
    Value declared =
        set != null ? new Value.Num(set, true) : elaboration.expressions.value(dim.size(), scope);
    Size size = Shapes.size(declared, dim.size().span());
    boolean batch = batchDim().filter(name::equals).isPresent();
    if (dim.bounded() && !batch) {
      if (!size.isConstant()) {
        throw Problem.of(
            Diagnostic.at(
                    dim.size().span(),
                    "shape",
                    "the bound of '" + name + "' is a size that is known only at run time")
                .help("bound it by a number: dim " + name + " <= 64"));
      }
      bounded.put(name, size.constant());
    }
    if (size.isConstant() && batch) {
      size =
          Size.of(
              runTimeDims.computeIfAbsent(
                  name,
                  ignored -> new Dim(name, Shapes.size(declared, dim.size().span()).constant())));
    }
    if (size.isConstant() && (set != null || dim.size() instanceof Ast.NumberLiteral)) {
      plain.put(name, size.constant());
    }
    scope.bindDim(name, size);
  }

  private void input(Ast.InputStatement input, Scope scope, Elaboration elaboration) {
    Shapes.Declared declared = elaboration.shapes.declared(input.type(), scope);
    Type type = new Type(Shapes.element(input.type()), declared.shape());
    for (Ast.Name name : input.names()) {
      if (scope.own(name.text()).isPresent()) {
        throw Problem.at(name.span(), "name", "the name '" + name + "' is declared twice");
      }
      Node node =
          builder.label(
              builder.add(new Variable(Variable.Kind.INPUT, name.text(), type)), name.text());
      inputs.putIfAbsent(
          name.text(),
          new TypedModel.Input(
              name.text(),
              input.doc(),
              type,
              declared.axes(),
              node,
              Optional.empty(),
              name.span()));
      scope.bind(name.text(), new TensorValue(node, declared.axes()));
    }
  }

  private void output(
      Ast.OutputStatement output, Scope scope, Elaboration elaboration, Map<String, Node> outputs) {
    String name = output.name().text();
    Ast.Expression written =
        output.value().orElseGet(() -> new Ast.NameReference(name, output.name().span()));
    TensorValue value = elaboration.expressions.tensor(written, scope);
    Node node =
        output.value().isPresent() && !(value.node().op() instanceof Variable)
            ? builder.label(value.node(), name)
            : value.node();
    scope.bind(name, new TensorValue(node, value.axes()));
    if (outputs.putIfAbsent(name, node) != null) {
      throw Problem.at(output.name().span(), "name", "the output '" + name + "' is declared twice");
    }
  }

  private void metric(
      Ast.MetricStatement metric, Scope scope, Elaboration elaboration, Map<String, Node> metrics) {
    TensorValue value =
        elaboration.tensors.number(elaboration.expressions.tensor(metric.value(), scope));
    if (!value.axes().isEmpty()) {
      throw Problem.of(
          Diagnostic.at(metric.value().span(), "shape", "a metric is one number")
              .note("found " + value.described())
              .help("take its mean: mean(…)"));
    }
    if (metric.name().text().equals("loss")
        || metrics.putIfAbsent(metric.name().text(), value.node()) != null) {
      throw Problem.at(
          metric.name().span(), "name", "the metric '" + metric.name() + "' is declared twice");
    }
    scope.bind(metric.name().text(), value);
  }

  private Optional<Node> loss(Value value) {
    if (value instanceof TensorValue tensor) {
      if (tensor.axes().isEmpty()) {
        return Optional.of(tensor.node());
      }
      problems.add(
          Diagnostic.at(lossSpan(), "shape", "the loss is one number")
              .note("found " + tensor.described())
              .help("take its mean: loss = mean(…)"));
    } else if (!(value instanceof Value.Broken)) {
      problems.add(
          Diagnostic.at(lossSpan(), "type", "the loss is computed from the inputs")
              .note("found " + value.described()));
    }
    return Optional.empty();
  }

  private Span lossSpan() {
    return declaration.body().stream()
        .filter(statement ->
            statement instanceof Ast.AssignStatement assign
                && assign.targets().stream()
                    .anyMatch(target -> target.name().text().equals("loss")))
        .map(Ast.Statement::span)
        .reduce((first, last) -> last)
        .orElse(declaration.name().span());
  }

  /** The name of the dim that all inputs with axes share first. */
  private Optional<String> batchDim() {
    String shared = null;
    for (Ast.Statement statement : declaration.body()) {
      if (statement instanceof Ast.InputStatement input && !input.type().axes().isEmpty()) {
        String first =
            input.type().axes().getFirst() instanceof Ast.SizeAxis sized
                    && sized.size() instanceof Ast.NameReference name
                ? name.name()
                : null;
        if (first == null || shared != null && !shared.equals(first)) {
          return Optional.empty();
        }
        shared = first;
      }
    }
    return Optional.ofNullable(shared);
  }

  private void checkSettings() {
    List<String> dims = new ArrayList<>();
    declaration
        .body()
        .forEach(statement -> {
          if (statement instanceof Ast.DimStatement dim) {
            dims.add(dim.name().text());
          }
        });
    for (Map.Entry<String, Integer> setting : Map.copyOf(settings).entrySet()) {
      String name = setting.getKey();
      int size = setting.getValue();
      if (!dims.contains(name)) {
        Diagnostic unknown =
            Diagnostic.of(
                "setting",
                "the model '" + declaration.name() + "' has no dim '" + name + "' to set");
        problems.add(
            dims.isEmpty()
                ? unknown.help("it declares no dims")
                : unknown.help("it has " + String.join(", ", dims)));
      } else if (size < 1) {
        problems.add(
            Diagnostic.of(
                "setting", "the dim '" + name + "' must be at least 1, was set to " + size));
        settings.remove(name);
      }
    }
  }
}
