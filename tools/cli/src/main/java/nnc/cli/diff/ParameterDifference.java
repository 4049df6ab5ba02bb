package nnc.cli.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Shape;
import nnc.compiler.model.TypedModel;

/**
 * A parameter that only one of the models has, or that they have otherwise.
 *
 * @param a as A has it
 * @param b as B has it
 */
public record ParameterDifference(Optional<Tensor> a, Optional<Tensor> b) {
  /**
   * A parameter, or buffer.
   *
   * @param path one for all turns of a repeat
   * @param kind {@code trained}, {@code frozen} or {@code buffer}
   */
  public record Tensor(String path, Shape shape, String kind, String initialiser) {
    public long elements() {
      return shape.elements().constant();
    }

    private static Tensor of(TypedModel.Parameter parameter, TypedModel model) {
      boolean trained =
          model.train().groups().isEmpty()
              || model.train().trainedPaths().contains(parameter.path());
      return new Tensor(
          TypedModel.shown(parameter.path()),
          parameter.shape(),
          parameter.buffer() ? "buffer" : trained ? "trained" : "frozen",
          parameter.initialiser().text());
    }
  }

  /** In the order of A, then what only B has. */
  static List<ParameterDifference> of(Side a, Side b, Renaming renaming) {
    Map<String, Tensor> others = new LinkedHashMap<>();
    b.parameters().forEach(each -> others.put(each.path(), Tensor.of(each, b.model())));
    List<ParameterDifference> differences = new ArrayList<>();
    for (TypedModel.Parameter each : a.parameters()) {
      Tensor own = Tensor.of(each, a.model());
      Optional<Tensor> other =
          renaming.path(each.path()).flatMap(path -> Optional.ofNullable(others.remove(path)));
      if (!other.equals(Optional.of(own))) {
        differences.add(new ParameterDifference(Optional.of(own), other));
      }
    }
    others
        .values()
        .forEach(
            only -> differences.add(new ParameterDifference(Optional.empty(), Optional.of(only))));
    return differences;
  }

  /** What became of it. */
  public GraphDifference.Kind kind() {
    return a.isEmpty()
        ? GraphDifference.Kind.ADDED
        : b.isEmpty() ? GraphDifference.Kind.REMOVED : GraphDifference.Kind.CHANGED;
  }

  /** How many numbers more B has. */
  public long more() {
    return b.map(Tensor::elements).orElse(0L) - a.map(Tensor::elements).orElse(0L);
  }
}
