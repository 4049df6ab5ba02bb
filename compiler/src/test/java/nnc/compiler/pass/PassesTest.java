package nnc.compiler.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import nnc.compiler.RandomModel;
import nnc.compiler.RandomValues;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphVerifier;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.TypedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Passes change how something is computed, not what: each alone, and all together, on random models and their gradients. */
class PassesTest {
  private static final int MODELS = 40;

  static LongStream models() {
    return LongStream.range(0, MODELS);
  }

  /** A model before and after all passes; several tests look at it. */
  private record Sample(TypedModel model, Graph graph, Pipeline.Outcome optimized) {
    private static final Map<Long, Sample> ALL = new ConcurrentHashMap<>();

    static Sample of(long number) {
      return ALL.computeIfAbsent(
          number,
          seed -> {
            TypedModel model = RandomModel.elaborated(seed);
            Graph graph = withGradients(model);
            return new Sample(model, graph, Pipeline.run(graph));
          });
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void passesKeepTheValues(long number) {
    Sample sample = Sample.of(number);
    Map<String, Tensor> expected = run(sample.model(), sample.graph());
    for (String pass : Pipeline.laws().keySet()) {
      Graph rewritten = GraphVerifier.verify(Pipeline.runAlone(pass, sample.graph()), pass);
      assertSame(run(sample.model(), rewritten), expected, pass, number);
    }
    assertSame(run(sample.model(), sample.optimized().graph()), expected, "all passes", number);
  }

  @ParameterizedTest
  @MethodSource("models")
  void afterAllPassesNothingIsLeftToDo(long number) {
    assertThat(Pipeline.run(Sample.of(number).optimized().graph()).counts().values())
        .containsOnly(0);
  }

  /** A test of a pass that never applies would test nothing. */
  @Test
  void everyPassAppliesSomewhere() {
    Set<String> applied = new TreeSet<>();
    models()
        .forEach(number ->
            Sample.of(number)
                .optimized()
                .counts()
                .forEach((pass, count) -> {
                  if (count > 0) {
                    applied.add(pass);
                  }
                }));
    assertThat(applied).containsExactlyInAnyOrderElementsOf(Pipeline.laws().keySet());
  }

  private static Graph withGradients(TypedModel model) {
    Map<String, Node> roots = new LinkedHashMap<>();
    model.inference().outputs().forEach((name, node) -> roots.put("output." + name, node));
    Node loss = model.training().loss().orElseThrow();
    roots.put("loss", loss);
    List<Node> parameters =
        Graph.needed(List.of(loss)).stream()
            .filter(node ->
                node.op() instanceof Variable variable
                    && variable.kind() == Variable.Kind.PARAMETER)
            .toList();
    new Gradients()
        .of(loss, parameters)
        .forEach(
            (node, gradient) -> roots.put("grad." + ((Variable) node.op()).variable(), gradient));
    return Graph.of(roots);
  }

  private static Map<String, Tensor> run(TypedModel model, Graph graph) {
    Map<String, Tensor> values = new HashMap<>(RandomValues.inputs(model, RandomModel.ROWS, 1));
    values.putAll(RandomValues.parameters(model, 1));
    return new Interpreter(
            RandomValues.extents(model, RandomModel.ROWS), values, RandomValues::draw)
        .run(graph);
  }

  private static void assertSame(
      Map<String, Tensor> actual, Map<String, Tensor> expected, String pass, long model) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((root, tensor) -> {
      assertThat(Known.in(actual, root).shape())
          .as("shape of %s after %s", root, pass)
          .containsExactly(tensor.shape());
      for (int i = 0; i < tensor.values().length; i++) {
        double a = Known.in(actual, root).values()[i];
        double b = tensor.values()[i];
        assertThat(Math.abs(a - b))
            .withFailMessage(() ->
                "%s is %s after %s, was %s, in\n%s"
                    .formatted(root, a, pass, b, RandomModel.text(model)))
            .isLessThanOrEqualTo(1e-12 + 1e-9 * Math.abs(b));
      }
    });
  }
}
