package nnc.compiler.explain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.Span;

/**
 * How the gradient of the loss follows from a model's equations, step by step: what is computed, what each value receives
 * from the loss on, and what that comes to for each parameter. It is read off the graph that the gradient rules have made, before
 * any pass; names are the author's, and no op or layer has a text of its own.
 */
public final class Derivation {
  /** From this size on, formulas that others read twice have a line and a name. */
  static final int SMALLEST_VALUE = 7;

  static final int SMALLEST_GRADIENT = 2;

  /** A value without a name of its own. */
  static final String UNNAMED = "u";

  private final List<Line> values = new ArrayList<>();
  private final List<Line> gradients = new ArrayList<>();
  private final Map<String, Result> results = new LinkedHashMap<>();
  private final Map<String, Rule> rules = new TreeMap<>();
  private final Map<String, Span> places = new HashMap<>();
  private final Map<Formula.Name, Formula> written = new HashMap<>();
  private final Set<Node> receiving = new HashSet<>();
  private final Set<List<Line.Part>> remarked = new HashSet<>();
  private final Names names = new Names();
  private final DerivedLines lines = new DerivedLines();

  /**
   * The gradient by a parameter.
   *
   * @param steps over the values that have lines of their own
   * @param whole with the gradients on the way written out: over values, inputs and parameters alone; not where that is
   *     far too long, or goes through a recurrence
   */
  public record Result(Formula.Name parameter, Formula steps, Optional<Formula> whole) {}

  private Derivation() {}

  /**
   * @param graph with the gradients, roots {@code loss} and {@code grad.PATH}
   * @param roots the names of the gradients that are to be derived; where these are not all, values that have nothing to do with
   *     them are left out
   */
  public static Derivation of(Graph graph, Collection<String> roots) {
    Derivation derivation = new Derivation();
    List<Node> needed = needed(graph, roots);
    derivation.markReceiving(needed, roots);
    DerivationScope scope = DerivationScope.outer(derivation, needed);
    scope.run();
    for (String root : roots) {
      String path = root.substring(Planner.GRADIENT.length());
      derivation.results.put(root, scope.result(TypedModel.shown(path), graph.root(root)));
    }
    if (roots.size() < gradients(graph).size()) {
      List<Line> concerned = Narrowing.of(derivation);
      derivation.values.clear();
      derivation.values.addAll(concerned);
    }
    return derivation;
  }

  private static List<Node> needed(Graph graph, Collection<String> roots) {
    List<Node> asked = new ArrayList<>(roots.stream().map(graph::root).toList());
    asked.add(graph.root("loss"));
    return Graph.needed(asked);
  }

  /**
   * The values of a graph that a derivation can have lines for, those of bodies among them. What inference or a metric alone needs
   * may be called like one of them and be something else.
   */
  static Set<Node> derived(Graph graph) {
    Set<Node> derived = new HashSet<>();
    Deque<Node> open = new ArrayDeque<>(needed(graph, gradients(graph)));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (derived.add(node) && node.op() instanceof Recur recur) {
        open.addAll(recur.body().nodes());
      }
    }
    return derived;
  }

  /** The names of all gradients of a graph. */
  public static List<String> gradients(Graph graph) {
    return graph.roots().keySet().stream()
        .filter(root -> root.startsWith(Planner.GRADIENT))
        .toList();
  }

  /** A value receives a gradient if it depends on one of the parameters. */
  private void markReceiving(List<Node> needed, Collection<String> roots) {
    for (Node node : needed) {
      if (node.op() instanceof Variable variable
              && roots.contains(Planner.GRADIENT + variable.variable())
          || node.inputs().stream().anyMatch(receiving::contains)) {
        receiving.add(node);
      }
    }
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

  /** Which lines there are for which values. */
  DerivedLines lines() {
    return lines;
  }

  Names names() {
    return names;
  }

  boolean receives(Node node) {
    return receiving.contains(node);
  }

  /** The formula of a name that has a line. */
  Map<Formula.Name, Formula> written() {
    return written;
  }

  /** A gradient without a place of its own comes from that of its value. */
  void add(Line.Equation line) {
    Formula.Name left = line.left();
    line.place().ifPresent(place -> places.putIfAbsent(left.bare(), place));
    Optional<Span> place = line.place().or(() -> Optional.ofNullable(places.get(left.bare())));
    written.put(left, line.right());
    add(line.at(place), left.gradient());
  }

  void add(Line line, boolean gradient) {
    (gradient ? gradients : values).add(line);
  }

  /** What has been remarked once is known. */
  void remark(Line.Remark remark, boolean gradient) {
    if (remarked.add(remark.parts())) {
      add(remark, gradient);
    }
  }

  void apply(Node forward) {
    rules.computeIfAbsent(forward.op().name(), ignored -> Rule.of(forward));
  }
}
