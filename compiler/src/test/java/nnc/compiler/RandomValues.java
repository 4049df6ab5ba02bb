package nnc.compiler;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Tensor;
import nnc.compiler.model.TypedModel;
import nnc.runtime.Turn;

/** Values for the inputs and parameters of a model: floats, so that double and single precision begin alike. */
public final class RandomValues {
  private RandomValues() {}

  /** Inputs by name, for a batch of so many rows; ids are legal ones. */
  public static Map<String, Tensor> inputs(TypedModel model, int rows, long seed) {
    Random random = new Random(seed * 31 + rows);
    Map<Dim, Integer> extents = extents(model, rows);
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (TypedModel.Input input : model.inputs()) {
      Tensor tensor = Tensor.zeros(input.type().shape().at(extents));
      for (int i = 0; i < tensor.values().length; i++) {
        tensor.values()[i] =
            switch (input.type().element()) {
              case F32 -> (float) (random.nextGaussian() * 0.8);
              case I32 ->
                  random.nextInt(input.idRange().map(TypedModel.IdRange::classes).orElse(5));
              case BOOL -> random.nextInt(2);
            };
      }
      values.put(input.name(), tensor);
    }
    return values;
  }

  /** Parameters by path. */
  public static Map<String, Tensor> parameters(TypedModel model, long seed) {
    Random random = new Random(seed * 17);
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (TypedModel.Parameter parameter : model.parameters()) {
      Tensor tensor = Tensor.zeros(parameter.shape().at(Map.of()));
      for (int i = 0; i < tensor.values().length; i++) {
        tensor.values()[i] =
            parameter.buffer()
                ? 0.5f + random.nextFloat() // a variance is positive
                : (float) (random.nextGaussian() * 0.5);
      }
      values.put(parameter.path(), tensor);
    }
    return values;
  }

  /** Parameters by the paths that users know: one for each turn of a repeat. */
  public static Map<String, Tensor> turns(Map<String, Tensor> parameters) {
    Map<String, Tensor> turns = new LinkedHashMap<>();
    parameters.forEach((path, whole) ->
        Turn.of(path, whole.shape())
            .forEach(turn -> {
              Tensor part = Tensor.zeros(turn.shape());
              int elements = part.values().length;
              System.arraycopy(whole.values(), turn.from(), part.values(), 0, elements);
              turns.put(turn.path(), part);
            }));
    return turns;
  }

  /** The batch has so many rows. */
  public static Map<Dim, Integer> extents(TypedModel model, int rows) {
    return model.batch().map(dim -> Map.of(dim, rows)).orElse(Map.of());
  }

  /** Numbers from [0, 1) that depend on the path alone. */
  public static void draw(String path, double[] values) {
    Random random = new Random(path.hashCode());
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
  }
}
