package nnc.cli.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.DoubleAlgebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Training;

/**
 * What is done to each value of a column before the model sees it: {@code / 16}. Computed in double precision and rounded once.
 * Not for several threads.
 */
final class Preparation {
  /** Data repeats its values (pixels, labels, categories): what was computed lately is looked up. A power of two. */
  private static final int REMEMBERED = 4096;

  private final Graph formula;
  private final boolean plain;
  private final int[] keys = new int[REMEMBERED];
  private final float[] results = new float[REMEMBERED];

  /** @param formula elementwise, from one variable to the root {@code value} */
  Preparation(Graph formula) {
    this.formula = formula;
    this.plain = formula.root("value").op() instanceof Variable;
    if (!plain) {
      Arrays.fill(results, compute(0)); // every key is that of 0
    }
  }

  /** Values as they stand. */
  static Preparation none() {
    GraphBuilder builder = new GraphBuilder();
    Node raw =
        builder.add(new Variable(Variable.Kind.INPUT, Training.Mapping.RAW, Type.f32(Shape.of(1))));
    return new Preparation(Graph.of(Map.of("value", raw)));
  }

  float apply(float raw) {
    if (plain) {
      return raw;
    }
    int key = Float.floatToRawIntBits(raw);
    int place = (key ^ key >>> 12 ^ key >>> 20) & REMEMBERED - 1;
    if (keys[place] != key) {
      keys[place] = key;
      results[place] = compute(raw);
    }
    return results[place];
  }

  private float compute(float raw) {
    Map<Node, Double> values = new HashMap<>();
    for (Node node : formula.nodes()) {
      List<Double> inputs = node.inputs().stream().map(values::get).toList();
      double value =
          switch (node.op()) {
            case Variable ignored -> raw;
            case Constant constant -> constant.value();
            case Broadcast ignored -> inputs.getFirst();
            case Elementwise op -> op.formula(DoubleAlgebra.INSTANCE, inputs);
            default ->
                throw new IllegalStateException(
                    "preparation: formulas of columns are elementwise, not " + node.op());
          };
      values.put(node, value);
    }
    return Objects.requireNonNull(values.get(formula.root("value"))).floatValue();
  }
}
