package nnc.cli.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nnc.compiler.model.Models;
import nnc.compiler.model.Program;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Safetensors;
import nnc.runtime.Turn;

/**
 * The sizes of a model's dims, found in the shapes of a file's tensors: where a declared shape names a dim, and where a
 * parameter's axis follows one that is handed to a layer.
 */
public final class DimSizes {
  /** Two sizes that many numbers divide, so that shapes with quotients work out. */
  private static final int[] TRIALS = {240, 480};

  private final Program program;
  private final Safetensors tensors;
  private final Map<String, Ast.DimStatement> dims = new LinkedHashMap<>();
  private final Map<String, Found> found = new LinkedHashMap<>();

  /** A size and what says so. */
  private record Found(int size, String witness) {}

  private DimSizes(Program program, Safetensors tensors) {
    this.program = program;
    this.tensors = tensors;
  }

  /**
   * The sizes of the dims, of those that the file's shapes tell.
   *
   * @param given what the user set
   * @throws CompileException if two shapes, or a shape and the user, contradict each other
   */
  public static Map<String, Integer> of(
      Program program, Map<String, Integer> given, Safetensors tensors) {
    DimSizes sizes = new DimSizes(program, tensors);
    sizes.model().ifPresent(model -> sizes.find(model, given));
    Map<String, Integer> settings = new LinkedHashMap<>(given);
    sizes.found.forEach((dim, size) -> settings.put(dim, size.size()));
    return settings;
  }

  /** The model that is meant; where that is in doubt, elaboration will say so. */
  private Optional<Ast.ModelDeclaration> model() {
    List<Ast.ModelDeclaration> models = new ArrayList<>();
    for (Ast.Declaration declaration : program.main().declarations()) {
      if (declaration instanceof Ast.ModelDeclaration model
          && program.modelName().map(model.name().text()::equals).orElse(true)) {
        models.add(model);
      }
    }
    return models.size() == 1 ? Optional.of(models.getFirst()) : Optional.empty();
  }

  private void find(Ast.ModelDeclaration model, Map<String, Integer> given) {
    for (Ast.Statement statement : model.body()) {
      if (statement instanceof Ast.DimStatement dim) {
        dims.put(dim.name().text(), dim);
      }
    }
    given.forEach((dim, size) -> found.put(dim, new Found(size, "--set")));
    for (Ast.Statement statement : model.body()) {
      switch (statement) {
        case Ast.InputStatement input ->
            input.names().forEach(name -> match(TensorCase.INPUT + name, input.type()));
        case Ast.ParamStatement param ->
            param.names().forEach(name -> match(TensorCase.PARAMETER + name, param.type()));
        default -> {} // other statements declare no tensors of the file
      }
    }
    List<String> open = dims.keySet().stream().filter(dim -> !found.containsKey(dim)).toList();
    open.forEach(this::follow);
  }

  private void match(String tensor, Ast.TypeExpression declared) {
    if (!tensors.has(tensor) || tensors.tensor(tensor).shape().length != declared.axes().size()) {
      return; // told when all tensors are checked
    }
    int[] shape = tensors.tensor(tensor).shape();
    for (int axis = 0; axis < shape.length; axis++) {
      if (declared.axes().get(axis)
              instanceof
              Ast.SizeAxis(Ast.NameReference(String name, Span ignored), Span alsoIgnored)
          && dims.containsKey(name)) {
        bind(name, shape[axis], tensor);
      }
    }
  }

  /** Elaborates the model with two sizes: an axis that has both is the dim's. */
  private void follow(String dim) {
    try {
      TypedModel first = trial(dim, TRIALS[0]);
      TypedModel second = trial(dim, TRIALS[1]);
      List<Turn> others = TensorCase.turns(second);
      for (Turn parameter : TensorCase.turns(first)) {
        String tensor = TensorCase.PARAMETER + parameter.path();
        int[] other =
            others.stream()
                .filter(turn -> turn.path().equals(parameter.path()))
                .map(Turn::shape)
                .findFirst()
                .orElse(new int[0]);
        if (tensors.has(tensor) && tensors.tensor(tensor).shape().length == other.length) {
          for (int axis = 0; axis < other.length; axis++) {
            if (parameter.shape()[axis] == TRIALS[0] && other[axis] == TRIALS[1]) {
              bind(dim, tensors.tensor(tensor).shape()[axis], tensor);
            }
          }
        }
      }
    } catch (TrialFailed ignored) {
      // the model does not hold with such sizes, or not at all: then it keeps those it declares,
      // and its errors are told later
    }
  }

  private TypedModel trial(String dim, int size) throws TrialFailed {
    Map<String, Integer> settings = new LinkedHashMap<>();
    found.forEach((name, known) -> settings.put(name, known.size()));
    settings.put(dim, size);
    try {
      return Models.elaborate(program, settings);
    } catch (CompileException e) {
      throw new TrialFailed(e);
    }
  }

  private void bind(String dim, int size, String tensor) {
    String shape = tensor + " " + Arrays.toString(tensors.tensor(tensor).shape());
    Found before = found.putIfAbsent(dim, new Found(size, shape));
    if (before != null && before.size() != size) {
      throw new CompileException(
          Diagnostic.at(
                  Objects.requireNonNull(dims.get(dim)).span(),
                  "shape",
                  "the dim '" + dim + "' would have two sizes, " + before.size() + " and " + size)
              .note(before.size() + " by " + before.witness())
              .note(size + " by " + shape)
              .help(
                  "the tensors of "
                      + tensors.file()
                      + " do not belong together, or not to this model"));
    }
  }

  private static final class TrialFailed extends Exception {
    private static final long serialVersionUID = 1L;

    TrialFailed(CompileException cause) {
      super(cause);
    }
  }
}
