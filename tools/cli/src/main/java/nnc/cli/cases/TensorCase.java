package nnc.cli.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import nnc.cli.data.LegalValues;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Shape;
import nnc.compiler.model.TypedModel;
import nnc.runtime.Nearest;
import nnc.runtime.Safetensors;
import nnc.runtime.TensorFileException;
import nnc.runtime.Turn;

/** The tensors that a model is run on: {@code input.NAME} and {@code param.PATH}, all there, all of the right shape. */
public final class TensorCase {
  static final String INPUT = "input.";
  static final String PARAMETER = "param.";

  /** What results are called; in a file of reference values they stand beside what is read. */
  private static final Pattern RESULT =
      Pattern.compile("output\\..+|grad\\..+|step\\d+\\..+|metric\\..+|loss");

  private final TypedModel model;
  private final Safetensors tensors;

  /**
   * @param model elaborated with the sizes of {@link DimSizes}
   * @throws TensorFileException if a tensor is missing, unknown or of another shape, or holds what its input does not take
   */
  public TensorCase(TypedModel model, Safetensors tensors) {
    this.model = model;
    this.tensors = tensors;
    requireKnown();
    for (TypedModel.Input input : model.inputs()) {
      requireElements(INPUT + input.name(), input.type().element());
      requireShape(INPUT + input.name(), input.type().shape());
      requireLegal(input);
    }
    for (Turn turn : turns(model)) {
      requireElements(PARAMETER + turn.path(), ElementType.F32);
      requireShape(PARAMETER + turn.path(), Shape.of(turn.shape()));
    }
  }

  /** The parameters as files name them. */
  static List<Turn> turns(TypedModel model) {
    return model.parameters().stream().flatMap(parameter -> parameter.turns().stream()).toList();
  }

  private void requireKnown() {
    List<String> known = new ArrayList<>();
    model.inputs().forEach(input -> known.add(INPUT + input.name()));
    turns(model).forEach(turn -> known.add(PARAMETER + turn.path()));
    for (String name : tensors.names()) {
      if (!known.contains(name) && !RESULT.matcher(name).matches()) {
        String help =
            Nearest.to(name, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("the model '" + model.name() + "' takes " + String.join(", ", known));
        throw new TensorFileException(
            tensors.file(),
            name,
            "input.NAME and param.PATH of the model '" + model.name() + "'",
            "a tensor it does not know",
            help);
      }
    }
  }

  /** What would be rounded, or cut to a whole number, is refused. */
  private void requireElements(String name, ElementType declared) {
    List<String> exact =
        switch (declared) {
          case F32 -> List.of("F32", "F16", "BF16");
          case I32 -> List.of("I32", "I64", "I16", "I8", "U8");
          case BOOL -> List.of("BOOL");
        };
    String found = tensors.tensor(name).dtype();
    if (!exact.contains(found)) {
      throw new TensorFileException(
          tensors.file(),
          name,
          "type " + String.join(", ", exact) + ", of which each is exact as " + declared.text(),
          found,
          "write it as " + exact.getFirst());
    }
  }

  private void requireShape(String name, Shape declared) {
    int[] expected =
        declared.sizes().stream().mapToInt(size -> Math.toIntExact(size.maximum())).toArray();
    if (!Arrays.equals(tensors.tensor(name).shape(), expected)) {
      throw new TensorFileException(
          tensors.file(),
          name,
          "shape " + Arrays.toString(expected) + ", as the model declares",
          "shape " + Arrays.toString(tensors.tensor(name).shape()),
          "change the file, or the model");
    }
  }

  private void requireLegal(TypedModel.Input input) {
    double[] values = tensors.doubles(INPUT + input.name());
    int rank = input.type().shape().rank();
    int rows = rank == 0 ? 1 : tensors.tensor(INPUT + input.name()).shape()[0];
    for (int i = 0; i < values.length; i++) {
      if (!LegalValues.isLegal(input, values[i])) {
        throw new TensorFileException(
            tensors.file(),
            INPUT + input.name(),
            LegalValues.expected(input),
            LegalValues.text(values[i]) + " in row " + i / (values.length / rows),
            "change the file, or the model");
      }
    }
  }

  TypedModel model() {
    return model;
  }

  float[] input(TypedModel.Input input) {
    return tensors.floats(INPUT + input.name());
  }

  float[] parameter(String path) {
    return tensors.floats(PARAMETER + path);
  }

  /** The tensors as the file has them, for the interpreter: with every digit. */
  Safetensors exact() {
    return tensors;
  }
}
