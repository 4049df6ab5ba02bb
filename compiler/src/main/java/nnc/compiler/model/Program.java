package nnc.compiler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.syntax.Ast;

/**
 * The files that belong together: the one that was asked for, what it imports, and the library, whose names the author may
 * define anew.
 *
 * @param main the file that was asked for
 * @param imported what it imports, directly or not
 * @param library the files of the standard library
 * @param modelName which model is meant, where the main file declares several
 * @param variant which of several ways to train it, {@code train Digits as momentum}
 */
public record Program(
    Ast.File main,
    List<Ast.File> imported,
    List<Ast.File> library,
    Optional<String> modelName,
    Optional<String> variant) {

  /** The names that are known without any file: functions, and what stands for numbers and axes. */
  public static Set<String> builtIns() {
    return primitives().visible();
  }

  private static Scope primitives() {
    Scope primitives = Scope.outermost();
    BuiltIns.bind(primitives);
    return primitives;
  }

  /** A scope that holds the primitives, the library and the author's declarations. */
  Scope globals(Problems problems) {
    Scope standard = primitives().inner();
    library.forEach(
        file -> file.declarations().forEach(declaration -> bind(declaration, standard)));
    Scope own = standard.inner();
    Map<String, Ast.Declaration> seen = new HashMap<>();
    List<Ast.File> files = new ArrayList<>(imported);
    files.add(main);
    for (Ast.File file : files) {
      for (Ast.Declaration declaration : file.declarations()) {
        if (declaration instanceof Ast.TrainDeclaration
            || declaration instanceof Ast.GenerateDeclaration) {
          continue;
        }
        Ast.Declaration before = seen.putIfAbsent(declaration.name().text(), declaration);
        if (before != null) {
          problems.add(
              Diagnostic.at(
                      declaration.name().span(),
                      "name",
                      "'" + declaration.name() + "' is declared twice")
                  .label(before.name().span(), "first declared here"));
        }
        check(declaration, problems);
        bind(declaration, own);
      }
    }
    return own;
  }

  /** Checks the author's definitions as far as that is possible without a call of them. */
  void checkDefinitions(Scope globals, Problems problems) {
    Definitions definitions = new Definitions(globals, problems);
    Set<String> used = usedOptimizers();
    List<Ast.File> files = new ArrayList<>(imported);
    files.add(main);
    for (Ast.File file : files) {
      for (Ast.Declaration declaration : file.declarations()) {
        switch (declaration) {
          case Ast.LayerDeclaration layer -> definitions.check(layer);
          case Ast.FunctionDeclaration function -> definitions.check(function);
          case Ast.OptimizerDeclaration optimizer when !used.contains(optimizer.name().text()) ->
              OptimizerEquations.check(optimizer, globals, problems);
          case Ast.OptimizerDeclaration ignored -> {}
          case Ast.ModelDeclaration ignored -> {}
          case Ast.TrainDeclaration ignored -> {}
          case Ast.GenerateDeclaration ignored -> {}
        }
      }
    }
  }

  private Set<String> usedOptimizers() {
    Set<String> used = new HashSet<>();
    for (Ast.Declaration declaration : main.declarations()) {
      if (declaration instanceof Ast.TrainDeclaration train) {
        for (Ast.TrainItem item : train.items()) {
          if (item instanceof Ast.OptimizerItem optimizer) {
            used.add(OptimizerEquations.name(optimizer));
          }
        }
      }
    }
    return used;
  }

  /** What would be passed over in silence where a declaration is used. */
  private static void check(Ast.Declaration declaration, Problems problems) {
    switch (declaration) {
      case Ast.LayerDeclaration layer ->
          refuseTypes(
              layer.configuration(),
              "the configuration of a layer has no types",
              "tensors stand in the second parentheses, with their shapes",
              problems);
      case Ast.FunctionDeclaration function ->
          refuseTypes(
              function.inputs(),
              "the arguments of a function have no types",
              "a function takes what it is given; a layer declares shapes",
              problems);
      case Ast.OptimizerDeclaration optimizer -> {
        refuseTypes(
            optimizer.configuration(),
            "the hyper-parameters of an optimizer have no types",
            "each is one number",
            problems);
        requireUpdate(optimizer, problems);
      }
      case Ast.ModelDeclaration ignored -> {}
      case Ast.TrainDeclaration ignored -> {}
      case Ast.GenerateDeclaration ignored -> {}
    }
  }

  private static void refuseTypes(
      List<Ast.Parameter> parameters, String what, String remedy, Problems problems) {
    for (Ast.Parameter parameter : parameters) {
      parameter
          .type()
          .ifPresent(
              type -> problems.add(Diagnostic.at(type.span(), "statement", what).help(remedy)));
    }
  }

  private static void requireUpdate(Ast.OptimizerDeclaration optimizer, Problems problems) {
    boolean writes =
        optimizer.body().stream()
            .anyMatch(statement ->
                statement instanceof Ast.AssignStatement assign
                    && assign.targets().stream()
                        .anyMatch(target -> target.name().text().equals("w")));
    if (!writes) {
      problems.add(
          Diagnostic.at(
                  optimizer.name().span(),
                  "statement",
                  "the optimizer '" + optimizer.name() + "' never writes 'w', the parameter")
              .help("end with an equation like w = w - lr * g"));
    }
  }

  private static void bind(Ast.Declaration declaration, Scope scope) {
    switch (declaration) {
      case Ast.LayerDeclaration layer ->
          scope.bind(layer.name().text(), new Value.LayerKind(layer));
      case Ast.FunctionDeclaration function ->
          scope.bind(function.name().text(), new Value.Function(function));
      case Ast.OptimizerDeclaration optimizer ->
          scope.bind(optimizer.name().text(), new Value.OptimizerKind(optimizer));
      case Ast.ModelDeclaration ignored -> {} // a model is not a value
      case Ast.TrainDeclaration ignored -> {}
      case Ast.GenerateDeclaration ignored -> {}
    }
  }

  /** The model that is meant. */
  Ast.ModelDeclaration model(Problems problems) {
    List<Ast.ModelDeclaration> models = models();
    List<String> names = models.stream().map(model -> model.name().text()).distinct().toList();
    if (models.isEmpty()) {
      problems.add(
          Diagnostic.of("model", main.source().name() + " declares no model")
              .help("declare one: model Name { … }"));
    } else if (modelName.isPresent() && !names.contains(modelName.get())) {
      problems.add(
          Diagnostic.of(
                  "model", main.source().name() + " declares no model '" + modelName.get() + "'")
              .help("it has " + String.join(", ", names)));
    } else if (modelName.isEmpty() && names.size() > 1) {
      problems.add(
          Diagnostic.at(
                  models.getLast().name().span(),
                  "model",
                  "several models are declared, and it is not said which is meant")
              .help("choose one with --model: " + String.join(", ", names)));
    } else {
      String wanted = modelName.orElse(names.getFirst());
      return models.stream()
          .filter(model -> model.name().text().equals(wanted))
          .findFirst()
          .orElseThrow();
    }
    problems.throwIfAny();
    throw new CompileException(Diagnostic.of("model", "no model"));
  }

  /** The models of the main file. */
  List<Ast.ModelDeclaration> models() {
    return main.declarations().stream()
        .filter(Ast.ModelDeclaration.class::isInstance)
        .map(Ast.ModelDeclaration.class::cast)
        .toList();
  }

  /**
   * The ways to train a model. First the one that is meant, if there is one: the block without a name, or where a variant was
   * chosen what that says, and what it leaves unsaid by the block without a name.
   *
   * @throws nnc.compiler.source.CompileException if there is no such variant
   */
  List<Ast.TrainDeclaration> trains(Ast.ModelDeclaration model, Problems problems) {
    List<Ast.TrainDeclaration> blocks =
        blocks(Ast.TrainDeclaration.class, "train", "to train", model, problems);
    Optional<Ast.TrainDeclaration> common =
        blocks.stream().filter(block -> block.variant().isEmpty()).findFirst();
    List<Ast.TrainDeclaration> ways = new ArrayList<>();
    for (Ast.TrainDeclaration block : blocks) {
      if (block.variant().isEmpty() || common.isEmpty()) {
        ways.add(block);
      } else {
        ways.add(Variants.over(common.get(), block));
      }
    }
    Optional<Ast.TrainDeclaration> meant =
        ways.stream().filter(way -> way.variant().map(Ast.Name::text).equals(variant)).findFirst();
    if (variant.isPresent() && meant.isEmpty()) {
      problems.add(
          Diagnostic.at(
                  model.name().span(),
                  "train",
                  "'" + model.name() + "' is not trained as '" + variant.get() + "'")
              .help(
                  blocks.isEmpty()
                      ? "it has no train block: leave --as out"
                      : Variants.names(blocks).isEmpty()
                          ? "there is one way to train it, without a name: leave --as out"
                          : "there are " + String.join(", ", Variants.names(blocks))));
      problems.throwIfAny();
    }
    meant.ifPresent(way -> {
      ways.remove(way);
      ways.addFirst(way);
    });
    return ways;
  }

  /**
   * The names of the ways to train the model, where it is trained in several, of which each names its optimizer; empty where a
   * way was chosen, or a block without a name says how it is trained.
   */
  public List<String> ways() {
    Problems problems = new Problems();
    List<Ast.TrainDeclaration> blocks =
        blocks(Ast.TrainDeclaration.class, "train", "to train", model(problems), problems);
    boolean whole =
        variant.isPresent()
            || blocks.stream()
                .filter(block -> block.variant().isEmpty())
                .flatMap(block -> block.items().stream())
                .anyMatch(Ast.OptimizerItem.class::isInstance);
    return whole ? List.of() : Variants.names(blocks);
  }

  /** The same program, whose model is trained in this way. */
  public Program as(String way) {
    return new Program(main, imported, library, modelName, Optional.of(way));
  }

  /** The same program, of whose models this one is meant. */
  public Program of(String model) {
    return new Program(main, imported, library, Optional.of(model), variant);
  }

  /** Its generate blocks: one at most, too. */
  List<Ast.GenerateDeclaration> generates(Ast.ModelDeclaration model, Problems problems) {
    return blocks(Ast.GenerateDeclaration.class, "generate", "to generate with", model, problems);
  }

  private static Optional<String> variant(Ast.Declaration block) {
    return block instanceof Ast.TrainDeclaration train
        ? train.variant().map(Ast.Name::text)
        : Optional.empty();
  }

  private <D extends Ast.Declaration> List<D> blocks(
      Class<D> kind, String word, String purpose, Ast.ModelDeclaration model, Problems problems) {
    List<D> found = new ArrayList<>();
    for (Ast.Declaration declaration : main.declarations()) {
      if (kind.isInstance(declaration)) {
        Ast.Name name = declaration.name();
        if (models().stream().noneMatch(other -> other.name().text().equals(name.text()))) {
          problems.add(
              Diagnostic.at(name.span(), "name", "there is no model '" + name + "' " + purpose));
        } else if (name.text().equals(model.name().text())) {
          String way = variant(declaration).map(as -> ", as '" + as + "'").orElse("");
          found.stream()
              .filter(other -> variant(other).equals(variant(declaration)))
              .findFirst()
              .ifPresent(first ->
                  problems.add(
                      Diagnostic.at(
                              name.span(),
                              "name",
                              "'" + name + "' has a second " + word + " block" + way)
                          .label(first.name().span(), "the first")));
          found.add(kind.cast(declaration));
        }
      }
    }
    return found;
  }
}
