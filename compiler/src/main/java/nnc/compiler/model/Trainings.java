package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;

/** Resolves a train block. */
final class Trainings {
  private static final List<String> SETTINGS =
      List.of("epochs", "patience", "batch", "accumulate", "seed");

  private final Ast.ModelDeclaration model;
  private final Optional<Ast.TrainDeclaration> train;
  private final List<Ast.TrainItem> items;
  private final Scope globals;
  private final Scope dims;
  private final Problems problems;
  private final Map<String, Ast.SettingItem> settings = new LinkedHashMap<>();

  /** @param dims where the model's dims are known, for its data; the model may have yet to declare them */
  Trainings(
      Ast.ModelDeclaration model,
      Optional<Ast.TrainDeclaration> train,
      Scope globals,
      Scope dims,
      Problems problems) {
    this.model = model;
    this.train = train;
    this.items = train.map(Ast.TrainDeclaration::items).orElse(List.of());
    this.globals = globals;
    this.dims = dims;
    this.problems = problems;
    Set<Boolean> clips = new HashSet<>();
    for (Ast.TrainItem item : items) {
      if (item instanceof Ast.ClipItem clip && !clips.add(clip.byNorm())) {
        problems.add(
            Diagnostic.at(
                clip.span(),
                "train",
                "'clip " + (clip.byNorm() ? "norm" : "value") + "' is given twice"));
      }
      if (item instanceof Ast.SettingItem setting) {
        String name = setting.name().text();
        if (!SETTINGS.contains(name)) {
          Diagnostic unknown =
              Diagnostic.at(
                  setting.name().span(), "train", "there is no training setting '" + name + "'");
          problems.add(
              unknown.help(
                  "there are data, eval, optimizer, freeze, clip, " + String.join(", ", SETTINGS)));
        } else if (settings.putIfAbsent(name, setting) != null) {
          problems.add(Diagnostic.at(setting.span(), "train", "'" + name + "' is given twice"));
        }
      }
    }
  }

  /** The size of a batch, if one is written and is not {@code all}. */
  Optional<Integer> batch() {
    return batchAll() ? Optional.empty() : whole("batch", 1).map(Long::intValue);
  }

  /** What is said of some parameters only. */
  List<PathPattern> patterns() {
    List<PathPattern> patterns = new ArrayList<>();
    for (Ast.TrainItem item : items) {
      if (item instanceof Ast.FreezeItem freeze) {
        patterns.add(new PathPattern(freeze.pattern()));
      } else if (item instanceof Ast.OptimizerItem optimizer) {
        optimizer.pattern().map(PathPattern::new).ifPresent(patterns::add);
      }
    }
    return patterns;
  }

  private boolean batchAll() {
    return settings.get("batch") instanceof Ast.SettingItem item
        && item.value() instanceof Ast.NameReference name
        && name.name().equals("all");
  }

  private Optional<Long> whole(String name, long least) {
    Ast.SettingItem item = settings.get(name);
    List<Long> found = new ArrayList<>();
    if (item != null) {
      problems.guarded(
          item.span(),
          () -> {
            Elaboration elaboration =
                new Elaboration(new GraphBuilder(), problems, globals, true, List.of());
            Value value = elaboration.expressions.value(item.value(), elaboration.globals);
            if (value instanceof Value.Num number
                && number.value() == Math.rint(number.value())
                && number.value() >= least
                && number.value() <= Integer.MAX_VALUE) {
              found.add((long) number.value());
            } else {
              throw Problem.of(
                  Diagnostic.at(
                          item.value().span(),
                          "train",
                          "'" + name + "' is a whole number of at least " + least)
                      .note("found " + value.described()));
            }
          });
    }
    return found.stream().findFirst();
  }

  /** Checks what does not depend on the parameters of the model, which has errors. */
  void check(List<TypedModel.Input> inputs) {
    Optional<Training.Data> data = data(inputs, false, Optional.empty());
    patience(data, data(inputs, true, data));
    for (Ast.TrainItem item : items) {
      if (item instanceof Ast.OptimizerItem optimizer) {
        OptimizerEquations.check(optimizer, globals, problems);
      }
    }
    new OptimizerEquations(globals, problems).graph(items);
    whole("epochs", 1);
    whole("seed", 0);
    count("accumulate");
    batch();
  }

  /** Where training takes its data from, or evaluation. */
  private Optional<Training.Data> data(
      List<TypedModel.Input> inputs, boolean evaluation, Optional<Training.Data> trained) {
    List<String> declared = new ArrayList<>();
    for (Ast.Statement statement : model.body()) {
      if (statement instanceof Ast.InputStatement input) {
        input.names().forEach(name -> declared.add(name.text()));
      }
    }
    DataSources sources = new DataSources(dims, problems, declared);
    Optional<Training.Data> data = Optional.empty();
    boolean follows = evaluation && trained.isEmpty() && hasData();
    boolean given = false;
    for (Ast.TrainItem item : items) {
      if (item instanceof Ast.DataItem source && source.evaluation() == evaluation) {
        if (!(follows
            && source.columns().isEmpty())) { // else it says what the data does, which has an error
          data = sources.resolve(source, inputs, trained);
        }
        if (given) {
          problems.add(
              Diagnostic.at(
                  source.span(),
                  "train",
                  "'" + (evaluation ? "eval" : "data") + "' is given twice"));
        }
        given = true;
      }
    }
    return data;
  }

  private boolean hasData() {
    return items.stream().anyMatch(item -> item instanceof Ast.DataItem data && !data.evaluation());
  }

  /** After how many epochs without a lower held-out loss training ends; there must be rows for that. */
  private OptionalInt patience(Optional<Training.Data> data, Optional<Training.Data> evaluation) {
    OptionalInt patience = count("patience");
    boolean heldOut = evaluation.isPresent() || data.flatMap(Training.Data::holdOut).isPresent();
    if (patience.isPresent() && data.isPresent() && !heldOut) {
      problems.add(
          Diagnostic.at(
                  Known.in(settings, "patience").span(),
                  "train",
                  "'patience' waits for a lower held-out loss, and no rows are held out")
              .label(data.get().span(), "all of these are trained on")
              .help("hold some out: data csv(…) { …; hold out 20% }, or name a test set by eval"));
    }
    return patience;
  }

  /** How many batches make a step; their gradients can be put together if the loss is a mean or a sum. */
  private Training.Accumulation accumulation(Optional<Node> loss, Optional<Dim> batch) {
    int batches = count("accumulate").orElse(1);
    if (batches == 1 || loss.isEmpty()) {
      return new Training.Accumulation(1, new Training.Weight.Rows());
    }
    Optional<Training.Weight> weight = LossWeight.of(loss.get(), batch);
    if (weight.isEmpty()) {
      problems.add(
          Diagnostic.at(
                  Known.in(settings, "accumulate").span(),
                  "train",
                  "the gradients of several batches cannot be put together")
              .label(model.name().span(), "for the loss of this model")
              .note(
                  "a batch counts by what its loss is a mean over: the rows, or what is not ignored. Here there is no such number, or there are several")
              .help(
                  "write the loss as one mean, or means over the same, with penalties beside it; or make the batch larger, without accumulate"));
    }
    return new Training.Accumulation(batches, weight.orElse(new Training.Weight.Rows()));
  }

  private OptionalInt count(String setting) {
    return whole(setting, 1)
        .map(value -> OptionalInt.of(value.intValue()))
        .orElse(OptionalInt.empty());
  }

  Training resolve(
      List<TypedModel.Parameter> parameters,
      List<TypedModel.Input> inputs,
      Optional<Node> loss,
      Optional<Dim> batch) {
    Optional<Training.Data> data = data(inputs, false, Optional.empty());
    Optional<Training.Data> evaluation = data(inputs, true, data);
    List<TypedModel.Parameter> reached =
        loss.map(node -> reached(node, parameters)).orElse(List.of());
    OptimizerEquations equations = new OptimizerEquations(globals, problems);
    List<Training.Group> groups = groups(parameters, reached, equations);
    Graph update = equations.graph(items);
    OptionalInt epochs = count("epochs");
    long seed = whole("seed", 0).orElse(1L);
    List<Ast.OptimizerItem> optimizers = optimizers();
    if (!optimizers.isEmpty() && loss.isEmpty()) {
      problems.add(
          Diagnostic.at(
                  optimizers.getFirst().span(),
                  "train",
                  "the model '" + model.name() + "' has no loss to train by")
              .label(model.name().span(), "declared here")
              .help("declare it in the model: loss = mean(…)"));
    }
    return new Training(
        train.map(block -> new Training.Block(block.name().span(), !optimizers.isEmpty())),
        data,
        evaluation,
        groups,
        update,
        equations.states(),
        epochs,
        patience(data, evaluation),
        accumulation(loss, batch),
        batchAll(),
        seed);
  }

  private List<Ast.OptimizerItem> optimizers() {
    return items.stream()
        .filter(Ast.OptimizerItem.class::isInstance)
        .map(Ast.OptimizerItem.class::cast)
        .toList();
  }

  /** The parameters that a gradient of the loss reaches: no other can be trained. */
  private static List<TypedModel.Parameter> reached(
      Node loss, List<TypedModel.Parameter> parameters) {
    Map<String, Node> variables = new LinkedHashMap<>();
    for (Node node : Graph.needed(List.of(loss))) {
      if (node.op() instanceof Variable variable && variable.kind() == Variable.Kind.PARAMETER) {
        variables.put(variable.variable(), node);
      }
    }
    Map<Node, Node> gradients = new Gradients().of(loss, List.copyOf(variables.values()));
    return parameters.stream()
        .filter(parameter -> gradients.containsKey(variables.get(parameter.path())))
        .toList();
  }

  private List<Training.Group> groups(
      List<TypedModel.Parameter> all,
      List<TypedModel.Parameter> reached,
      OptimizerEquations equations) {
    List<TypedModel.Parameter> open = new ArrayList<>(reached);
    for (Ast.TrainItem item : items) {
      if (item instanceof Ast.FreezeItem freeze) {
        requireMatch(freeze.pattern(), all, freeze.span());
        open.removeIf(parameter -> new PathPattern(freeze.pattern()).matches(parameter));
      }
    }
    List<Ast.OptimizerItem> ordered = new ArrayList<>(optimizers());
    ordered.sort(
        Comparator.comparing(
            item -> item.pattern().isEmpty())); // those for some parameters come first
    if (ordered.stream().filter(item -> item.pattern().isEmpty()).count() > 1) {
      problems.add(
          Diagnostic.at(
                  ordered.getLast().span(), "train", "two optimizers are given for all parameters")
              .help("say which one is for which: optimizer SGD(lr = 0.1) for embed.*"));
    }
    List<Training.Group> groups = new ArrayList<>();
    for (Ast.OptimizerItem item : ordered) {
      item.pattern().ifPresent(pattern -> requireMatch(pattern, all, item.span()));
      List<TypedModel.Parameter> own =
          open.stream()
              .filter(parameter ->
                  item.pattern()
                      .map(pattern -> new PathPattern(pattern).matches(parameter))
                      .orElse(true))
              .toList();
      open.removeAll(own);
      if (own.isEmpty()) {
        OptimizerEquations.check(item, globals, problems);
      } else {
        problems.guarded(item.span(), () -> groups.add(equations.group(item, groups.size(), own)));
      }
    }
    return groups;
  }

  private void requireMatch(String pattern, List<TypedModel.Parameter> parameters, Span span) {
    if (parameters.stream().noneMatch(new PathPattern(pattern)::matches)) {
      problems.add(
          Diagnostic.at(span, "train", "no parameter has a path like '" + pattern + "'")
              .help(
                  "there are "
                      + String.join(
                          ", ",
                          parameters.stream().map(TypedModel.Parameter::path).limit(12).toList())));
    }
  }
}
