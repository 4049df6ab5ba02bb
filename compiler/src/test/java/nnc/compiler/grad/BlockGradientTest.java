package nnc.compiler.grad;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Project;
import nnc.compiler.RandomValues;
import nnc.compiler.Snapshots;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Models;
import nnc.compiler.model.TypedModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Back-propagation through time and through heads against differences; and its own gradient, too. */
class BlockGradientTest {
  private static final int ROWS = 2;

  static List<Path> models() {
    return Stream.of("good/recurrence", "good/heads", "good/repeat", "good/course")
        .flatMap(models -> new Snapshots(models).files(".nn").stream())
        .filter(file -> !file.endsWith("truncated.nn"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsAgreeWithDifferences(Path file) {
    TypedModel model = model(file);
    Node loss = model.inference().loss().orElseThrow();
    assertThat(disagreement(model, loss)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsOfGradientsAgreeWithDifferences(Path file) {
    TypedModel model = model(file);
    Node loss = model.inference().loss().orElseThrow();
    Node sum =
        new Gradients()
            .of(loss, variables(loss)).values().stream()
                .map(gradient -> {
                  List<Integer> axes = new ArrayList<>();
                  for (int axis = 0; axis < gradient.shape().rank(); axis++) {
                    axes.add(axis);
                  }
                  return gradient.times(gradient).sum(axes);
                })
                .reduce(Node::plus)
                .orElseThrow();
    assertThat(disagreement(model, sum)).isEmpty();
  }

  private static TypedModel model(Path file) {
    return Models.elaborate(Project.of(Snapshots.source(file), Optional.empty()), Map.of());
  }

  private static List<Node> variables(Node scalar) {
    return Graph.needed(List.of(scalar)).stream()
        .filter(node ->
            node.op() instanceof Variable variable && variable.kind() == Variable.Kind.PARAMETER)
        .toList();
  }

  private static Optional<String> disagreement(TypedModel model, Node scalar) {
    Map<String, Tensor> values = new HashMap<>(RandomValues.inputs(model, ROWS, 3));
    values.putAll(RandomValues.parameters(model, 3));
    List<Node> variables = variables(scalar);
    return FiniteDifferences.disagreement(
        scalar,
        variables,
        new Gradients().of(scalar, variables),
        values,
        RandomValues.extents(model, ROWS));
  }
}
