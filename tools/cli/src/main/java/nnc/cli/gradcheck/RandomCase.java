package nnc.cli.gradcheck;

import java.util.LinkedHashMap;
import java.util.Map;
import nnc.compiler.ir.Dim;
import nnc.compiler.model.TypedModel;
import nnc.runtime.CompiledModel;
import nnc.runtime.Philox;
import nnc.runtime.Signature;

/** A batch and parameters to check gradients at, drawn from a seed. */
final class RandomCase {
  /** Added to first parameters: a bias of zero would hide what is multiplied by it. */
  private static final float NOISE = 0.1f;

  private RandomCase() {}

  /** Normal numbers where an input takes floats, legal ids where it takes whole numbers. */
  static Map<String, float[]> inputs(TypedModel model, int rows, long seed) {
    Map<String, float[]> inputs = new LinkedHashMap<>();
    for (TypedModel.Input input : model.inputs()) {
      float[] values =
          new float[Math.toIntExact(input.type().shape().elements().at(extents(model, rows)))];
      long stream = Philox.stream("gradcheck " + input.name());
      switch (input.type().element()) {
        case F32 -> Philox.normal(seed, stream, 0, 0, values, 0, values.length);
        case I32 ->
            whole(values, seed, stream, input.idRange().map(TypedModel.IdRange::classes).orElse(2));
        case BOOL -> whole(values, seed, stream, 2);
      }
      inputs.put(input.name(), values);
    }
    return inputs;
  }

  static Map<Dim, Integer> extents(TypedModel model, int rows) {
    return model.batch().map(dim -> Map.of(dim, rows)).orElse(Map.of());
  }

  private static void whole(float[] values, long seed, long stream, int classes) {
    Philox.uniform(seed, stream, 0, 0, values, 0, values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.floor(values[i] * classes);
    }
  }

  /** First values and some noise. */
  static void parameters(CompiledModel model, long seed) {
    model.initialise(seed);
    for (Signature.Parameter parameter : model.signature().parameters()) {
      float[] values = model.parameter(parameter.path());
      float[] noise = new float[values.length];
      Philox.normal(
          seed, Philox.stream("gradcheck " + parameter.path()), 0, 0, noise, 0, noise.length);
      for (int i = 0; i < values.length; i++) {
        values[i] += NOISE * noise[i];
      }
      model.setParameter(parameter.path(), values);
    }
  }
}
