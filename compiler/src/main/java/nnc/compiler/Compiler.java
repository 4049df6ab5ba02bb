package nnc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.emit.Emitter;
import nnc.compiler.explain.Derivation;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Optimizations;
import nnc.compiler.ir.ScatterAdd;
import nnc.compiler.ir.Shape;
import nnc.compiler.model.Models;
import nnc.compiler.model.Program;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.pass.Pipeline;
import nnc.compiler.pass.RowUpdates;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.PlanChoice;
import nnc.compiler.plan.Planner;
import nnc.runtime.Generation;
import nnc.runtime.Signature;
import nnc.runtime.Turn;
import org.jspecify.annotations.Nullable;

/** The whole pipeline: files, typed model, graph, gradients, simplified graph, plan, Java. Every stage is a value. */
public final class Compiler {
  /** Beyond, a formula of values without names may be nested too deep; nobody would read it. */
  private static final int HIGHEST_DERIVATION = 600;

  private static final String ARRANGE_FIRST = "arrange-first";

  private Compiler() {}

  /** All optimizations in their order: names and laws. Each can be switched off by itself. */
  public static Map<String, String> optimizations() {
    Map<String, String> laws = new LinkedHashMap<>();
    laws.put(
        ARRANGE_FIRST, "axes are brought into order before gradients are taken, not only after");
    laws.put(
        Gradients.RECOMPUTE,
        "in the gradient of a loop, arithmetic is made again where that keeps less of each step");
    laws.putAll(Pipeline.laws());
    laws.putAll(PlanChoice.laws());
    return laws;
  }

  /**
   * What can be chosen from outside.
   *
   * @param settings sizes of dims
   * @param truncated whether gradients through time are, where a recurrence says so; a gradient check wants them whole
   * @param packageName of the generated classes
   * @param optimizations which are made
   */
  public record Options(
      Map<String, Integer> settings,
      boolean truncated,
      String packageName,
      Optimizations optimizations) {
    public static final Options DEFAULT = new Options(Map.of(), true, "nn");

    public Options {
      settings = Map.copyOf(settings);
    }

    public Options(Map<String, Integer> settings, boolean truncated, String packageName) {
      this(settings, truncated, packageName, Optimizations.ALL);
    }

    public Options with(Map<String, Integer> other) {
      return new Options(other, truncated, packageName, optimizations);
    }

    public Options with(Optimizations other) {
      return new Options(settings, truncated, packageName, other);
    }

    public Options withoutTruncation() {
      return new Options(settings, false, packageName, optimizations);
    }
  }

  /** What a compilation is asked for beside what the model says: nothing, if no method says otherwise. */
  public interface Extension {
    /** A graph that computes the same, and more. */
    default Graph extend(Graph graph) {
      return graph;
    }

    /** Values of the arranged graph whose gradients are wanted beside those of the parameters. */
    default List<Node> targets(Graph graph) {
      return List.of();
    }

    /**
     * What becomes of the graph with its gradients.
     *
     * @param gradients of the targets that the loss depends on
     */
    default Graph complete(Graph graph, Map<Node, Node> gradients, Gradients rules) {
      return graph;
    }
  }

  /** @throws nnc.compiler.source.CompileException with every error of the author */
  public static Compilation compile(Program program, Options options) {
    return compile(Models.elaborate(program, options.settings()), options);
  }

  /** @param model elaborated with the settings of these options */
  public static Compilation compile(TypedModel model, Options options) {
    return compile(model, options, new Extension() {});
  }

  /** @param model elaborated with the settings of these options */
  public static Compilation compile(TypedModel model, Options options, Extension extension) {
    Planned planned = planned(model, options, extension);
    KernelFormulas formulas =
        KernelFormulas.of(planned.plan(), planned.optimized(), derivation(planned.gradient()));
    return new Compilation(
        model,
        planned.graph(),
        planned.gradient(),
        planned.optimized(),
        planned.update(),
        planned.counts(),
        planned.plan(),
        formulas,
        Emitter.emit(model, planned.plan(), formulas, options.packageName()),
        planned.trainingMeasures(),
        planned.evaluationMeasures(),
        options.packageName());
  }

  /** All stages but the Java, for whoever asks for a plan alone. */
  public static Plan plan(Program program, Options options) {
    TypedModel model = Models.elaborate(program, options.settings());
    return planned(model, options, new Extension() {}).plan();
  }

  /** What all stages but the Java have made: see {@link Compilation}. */
  private record Planned(
      Graph graph,
      Graph gradient,
      Graph optimized,
      Graph update,
      Map<String, Integer> counts,
      Plan plan,
      List<Measure> trainingMeasures,
      List<Measure> evaluationMeasures) {}

  private static Planned planned(TypedModel model, Options options, Extension extension) {
    TypedModel.Values training = model.training();
    List<Measure> trainingMeasures = measures("", training, model);
    List<Measure> evaluationMeasures = measures("eval.", model.inference(), model);
    Graph graph =
        extension.extend(
            Graph.of(forwardRoots(model, training, trainingMeasures, evaluationMeasures)));
    Optimizations optimizations = options.optimizations();
    Map<String, Integer> counts = new LinkedHashMap<>();
    Graph arranged = graph;
    counts.put(ARRANGE_FIRST, 0);
    if (optimizations.include(ARRANGE_FIRST)) {
      Pipeline.Outcome arranging = Pipeline.arrange(graph, optimizations);
      arranging
          .counts()
          .values()
          .forEach(count -> counts.merge(ARRANGE_FIRST, count, Integer::sum));
      arranged = arranging.graph();
    }
    Gradients whole = new Gradients().with(optimizations);
    Gradients rules = options.truncated() ? whole : whole.throughAllSteps();
    Graph withGradients = gradients(arranged, model, extension, rules);
    counts.put(Gradients.RECOMPUTE, rules.recomputed());
    Pipeline.Outcome optimized = Pipeline.run(withGradients, optimizations);
    counts.putAll(optimized.counts());
    ValueNames.give(optimized.graph());
    Pipeline.Outcome update = Pipeline.run(model.train().update(), optimizations);
    Capacity.check(optimized.graph(), model);
    Plan plan =
        Capacity.guarded(
            model,
            () -> Planner.plan(task(model, optimized.graph(), update.graph(), optimizations)));
    counts.putAll(plan.choices());
    counts.keySet().removeAll(optimizations.off());
    return new Planned(
        graph,
        withGradients,
        optimized.graph(),
        update.graph(),
        counts,
        plan,
        trainingMeasures,
        evaluationMeasures);
  }

  private static List<Measure> measures(String prefix, TypedModel.Values values, TypedModel model) {
    List<Measure> measures = new ArrayList<>();
    values.loss().ifPresent(loss -> measures.add(Measure.of(prefix, "loss", loss, model.batch())));
    values
        .metrics()
        .forEach((name, node) -> measures.add(Measure.of(prefix, name, node, model.batch())));
    return measures;
  }

  private static Map<String, Node> forwardRoots(
      TypedModel model,
      TypedModel.Values training,
      List<Measure> trainingMeasures,
      List<Measure> evaluationMeasures) {
    Map<String, Node> roots = new LinkedHashMap<>();
    model.inference().outputs().forEach((name, node) -> roots.put("output." + name, node));
    model.generating().ifPresent(block -> roots.put(Generation.SCORES, block.scores()));
    training.loss().ifPresent(loss -> roots.put("loss", loss));
    training.metrics().forEach((name, node) -> roots.put("metric." + name, node));
    if (model.train().accumulation().weight() instanceof Training.Weight.Count count) {
      roots.put(Signature.WEIGHT, count.node());
    }
    model.inference().loss().ifPresent(loss -> roots.put("eval.loss", loss));
    model.inference().metrics().forEach((name, node) -> roots.put("eval.metric." + name, node));
    if (training.loss().isPresent()) {
      training.updates().forEach((path, node) -> roots.put(Planner.UPDATE + path, node));
    }
    trainingMeasures.forEach(measure -> roots.putAll(measure.sums()));
    evaluationMeasures.forEach(measure -> roots.putAll(measure.sums()));
    return roots;
  }

  /** The gradients of all parameters that the loss depends on, trained or frozen ones alike. */
  private static Graph gradients(
      Graph graph, TypedModel model, Extension extension, Gradients rules) {
    Map<String, Node> roots = new LinkedHashMap<>(graph.roots());
    @Nullable Node loss = roots.get("loss");
    if (loss != null) {
      Map<String, Node> parameters = new LinkedHashMap<>();
      for (TypedModel.Parameter parameter : model.parameters()) {
        if (!parameter.buffer()) {
          parameters.put(parameter.path(), loss.builder().add(parameter.variable()));
        }
      }
      List<Node> targets = new ArrayList<>(parameters.values());
      targets.addAll(extension.targets(graph));
      Map<Node, Node> gradients = rules.of(loss, targets);
      List<String> wanted =
          model.train().groups().isEmpty()
              ? List.copyOf(parameters.keySet())
              : model.train().trainedPaths();
      parameters.forEach((path, node) -> {
        if (gradients.containsKey(node) && wanted.contains(path)) {
          roots.put(Planner.GRADIENT + path, gradients.get(node));
        }
      });
      return extension.complete(Graph.of(roots), gradients, rules);
    }
    return Graph.of(roots);
  }

  private static Optional<Derivation> derivation(Graph graph) {
    return graph.roots().containsKey("loss") && height(graph) <= HIGHEST_DERIVATION
        ? Optional.of(Derivation.of(graph, Derivation.gradients(graph)))
        : Optional.empty();
  }

  /** How many values are computed one from the other, at most. */
  private static int height(Graph graph) {
    Map<Node, Integer> heights = new HashMap<>();
    graph
        .nodes()
        .forEach(node ->
            heights.put(
                node,
                1
                    + node.inputs().stream()
                        .mapToInt(input -> Known.in(heights, input))
                        .max()
                        .orElse(0)));
    return heights.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private static Planner.Task task(
      TypedModel model, Graph graph, Graph update, Optimizations optimizations) {
    Map<String, Shape> parameters = new LinkedHashMap<>();
    model
        .train()
        .trainedPaths()
        .forEach(path -> parameters.put(path, model.parameter(path).shape()));
    model
        .parameters()
        .forEach(parameter -> parameters.putIfAbsent(parameter.path(), parameter.shape()));
    Map<String, Integer> states = new LinkedHashMap<>();
    for (Training.State state : model.train().states()) {
      states.put(
          state.name(), state.scalar() ? 1 : model.train().groups().get(state.group()).elements());
    }
    List<Integer> sizes = model.train().groups().stream().map(Training.Group::elements).toList();
    List<String> optimizers =
        model.train().groups().stream()
            .map(group -> group.optimizer().toLowerCase(Locale.ROOT))
            .toList();
    return new Planner.Task(
        graph,
        update,
        parameters,
        sparse(model.train(), graph, update),
        sizes,
        optimizers,
        states,
        model.train().accumulation().batches(),
        optimizations);
  }

  /** Tables of which a step changes only the rows that ids name: the optimizer leaves the others alone. */
  private static Set<String> sparse(Training train, Graph graph, Graph update) {
    Set<String> sparse = new LinkedHashSet<>();
    for (int i = 0; i < train.groups().size(); i++) {
      int group = i;
      List<String> tables =
          train.groups().get(i).paths().stream()
              .filter(path -> !path.contains(Turn.ANY)) // of a repeat's turns there is one for all
              .filter(path -> isScattered(graph.roots().get(Planner.GRADIENT + path)))
              .toList();
      List<String> roots =
          Stream.concat(
                  Stream.of("w" + group),
                  train.states().stream()
                      .filter(state -> state.group() == group)
                      .map(Training.State::name))
              .toList();
      if (!tables.isEmpty() && RowUpdates.leaveZerosAlone(update, "g" + group, roots)) {
        sparse.addAll(tables);
      }
    }
    return sparse;
  }

  private static boolean isScattered(@Nullable Node gradient) {
    return gradient != null && gradient.op() instanceof ScatterAdd;
  }
}
