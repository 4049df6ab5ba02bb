package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Planner;

/**
 * How the gradient of the loss follows from a model's equations, step by step: what is computed, what each value receives
 * from the loss on, and what that comes to for each parameter. It is read off the graph that the gradient rules have made, before
 * any pass; names are the author's, and no op or layer has a text of its own.
 */
public final class Derivation {
  /** From this size on, formulas that others read twice have a line and a name. */
  static final int SMALLEST_VALUE = 7;

  static final int SMALLEST_GRADIENT = 2;

  private final List<Line> values = new ArrayList<>();
  private final List<Line> gradients = new ArrayList<>();
  private final Map<String, Result> results = new LinkedHashMap<>();
  private final Map<String, Rule> rules = new TreeMap<>();
  private final Map<String, Integer> used = new HashMap<>();
  private final Map<String, Integer> usedByGradients = new HashMap<>();

  /**
   * The gradient by a parameter.
   *
   * @param steps over the values that have lines of their own
   * @param whole with the gradients on the way written out: over values, inputs and parameters alone
   */
  public record Result(Formula.Name parameter, Formula steps, Formula whole) {}

  private Derivation() {}

  /**
   * @param graph with the gradients, roots {@code loss} and {@code grad.PATH}
   * @param roots the names of the gradients that are to be derived
   */
  public static Derivation of(Graph graph, Collection<String> roots) {
    Derivation derivation = new Derivation();
    Map<String, Node> wanted =
        roots.stream()
            .collect(Collectors.toMap(name -> name, graph::root, (a, b) -> a, LinkedHashMap::new));
    List<Node> asked = new ArrayList<>(wanted.values());
    asked.add(graph.root("loss"));
    DerivationScope scope = DerivationScope.outer(derivation, Graph.needed(asked));
    scope.run();
    wanted.forEach((root, node) ->
        derivation.results.put(
            root, scope.result(TypedModel.shown(root.substring(Planner.GRADIENT.length())), node)));
    return derivation;
  }

  /** What is computed, in the order of the model. */
  public List<Line> values() {
    return values;
  }

  /** What each value receives, from the loss on. */
  public List<Line> gradients() {
    return gradients;
  }

  /** By the names of their roots. */
  public Map<String, Result> results() {
    return results;
  }

  /** The rules that were applied, by the names of their ops. */
  public Collection<Rule> rules() {
    return rules.values();
  }

  void add(Line line, boolean gradient) {
    (gradient ? gradients : values).add(line);
  }

  void apply(Node forward) {
    rules.computeIfAbsent(forward.op().name(), ignored -> Rule.of(forward));
  }

  /** The name itself the first time, then with a number. */
  String unique(String name) {
    int count = used.merge(name, 1, Integer::sum);
    return numbered(name, count);
  }

  /** Of values with one name the last is the first to receive its gradient. */
  String uniqueGradient(String name) {
    int count = usedByGradients.merge(name, 1, Integer::sum);
    int values = used.getOrDefault(name, 0);
    return numbered(name, count > values ? count : values - count + 1);
  }

  private static String numbered(String name, int count) {
    return count == 1 ? name : name + "_" + count;
  }
}
