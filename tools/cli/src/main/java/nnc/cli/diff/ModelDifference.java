package nnc.cli.diff;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.model.TypedModel;

/**
 * In what two models differ. What was not asked for is absent.
 *
 * @param summary numbers of both, also those that are equal
 * @param training dims, inputs and outputs, and the train and generate blocks, as lines in the unified form of diff
 */
public record ModelDifference(
    Side a,
    Side b,
    List<Quantity> summary,
    Optional<Parameters> parameters,
    Optional<GraphDifference> graph,
    Optional<Gradient> gradient,
    Optional<MemoryDifference> memory,
    Optional<CostDifference> cost,
    Optional<List<String>> training) {

  /** Of parameters, and of the layers that they and all else belong to. */
  public record Parameters(List<ParameterDifference> tensors, LayerDifference layers) {
    boolean isEmpty() {
      return tensors.isEmpty() && layers.isEmpty();
    }
  }

  /** @param kernels lines in the unified form of diff */
  public record Gradient(GraphDifference operations, List<String> kernels) {
    boolean isEmpty() {
      return operations.isEmpty() && kernels.isEmpty();
    }
  }

  public ModelDifference {
    summary = List.copyOf(summary);
  }

  public static ModelDifference of(Side a, Side b, Set<Stage> wanted) {
    return new Comparison(a, b, wanted).difference();
  }

  /** Whether nothing that was asked for differs. */
  public boolean isEmpty() {
    return parameters.stream().allMatch(Parameters::isEmpty)
        && graph.stream().allMatch(GraphDifference::isEmpty)
        && gradient.stream().allMatch(Gradient::isEmpty)
        && memory.stream().allMatch(MemoryDifference::isEmpty)
        && cost.stream().allMatch(CostDifference::isEmpty)
        && training.stream().allMatch(List::isEmpty);
  }

  /** Two models side by side, with what belongs to each other. */
  private record Comparison(Side a, Side b, Set<Stage> wanted, GraphAlignment forward) {
    Comparison(Side a, Side b, Set<Stage> wanted) {
      this(a, b, wanted, GraphAlignment.of(a.compilation().graph(), b.compilation().graph()));
    }

    ModelDifference difference() {
      Renaming renaming = forward.renaming();
      List<Quantity> summary = new ArrayList<>();
      Optional<Parameters> parameters =
          section(Stage.PARAMETERS)
              .map(_ ->
                  new Parameters(
                      ParameterDifference.of(a, b, renaming), LayerDifference.of(a, b, renaming)));
      if (parameters.isPresent()) {
        summary.add(Quantity.count("parameters", trained(a), trained(b)));
        summary.add(Quantity.count("layers", a.layers().size(), b.layers().size()));
      }
      Optional<GraphDifference> graph =
          section(Stage.GRAPH)
              .map(_ -> {
                Graph first = a.compilation().graph();
                Graph second = b.compilation().graph();
                return a.isWhole()
                    ? GraphDifference.ofWhole(first, second, forward)
                    : graph(first, second, forward, a.forward(), b.forward());
              });
      graph.ifPresent(_ -> summary.add(operations("nodes of the graph", a.forward(), b.forward())));
      Optional<Gradient> gradient = section(Stage.GRADIENT).map(_ -> gradient(renaming));
      gradient.ifPresent(
          _ -> summary.add(operations("nodes of the gradient", a.gradient(), b.gradient())));
      Optional<MemoryDifference> memory =
          section(Stage.MEMORY).map(_ -> MemoryDifference.of(a, b, renaming));
      memory.ifPresent(each -> summary.addAll(each.totals()));
      Optional<CostDifference> cost =
          section(Stage.COST).map(_ -> CostDifference.of(a, b, renaming));
      cost.ifPresent(each -> summary.addAll(each.totals()));
      Optional<List<String>> training =
          section(Stage.TRAINING).map(_ -> TextDifference.of(ModelTexts.of(a), ModelTexts.of(b)));
      return new ModelDifference(
          a, b, summary, parameters, graph, gradient, memory, cost, training);
    }

    private Optional<Stage> section(Stage stage) {
      return Optional.of(stage).filter(wanted::contains);
    }

    private Gradient gradient(Renaming renaming) {
      Graph first = a.compilation().gradient();
      Graph second = b.compilation().gradient();
      return new Gradient(
          graph(first, second, GraphAlignment.of(first, second), a.gradient(), b.gradient()),
          KernelTexts.difference(a, b, renaming));
    }

    private static GraphDifference graph(
        Graph a, Graph b, GraphAlignment alignment, Set<Node> wantedA, Set<Node> wantedB) {
      Set<Node> wanted = new LinkedHashSet<>(wantedA);
      wanted.addAll(wantedB);
      return GraphDifference.of(a, b, alignment, wanted::contains);
    }

    private static Quantity operations(String name, Set<Node> a, Set<Node> b) {
      return Quantity.count(
          name,
          a.stream().filter(GraphDifference::isOperation).count(),
          b.stream().filter(GraphDifference::isOperation).count());
    }

    private static double trained(Side side) {
      return side.parameters().stream()
          .filter(parameter -> !parameter.buffer())
          .mapToDouble((TypedModel.Parameter parameter) -> parameter.shape().elements().constant())
          .sum();
    }
  }
}
