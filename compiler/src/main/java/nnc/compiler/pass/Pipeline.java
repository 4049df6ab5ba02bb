package nnc.compiler.pass;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphVerifier;
import nnc.compiler.ir.Optimizations;

/** All passes, in their order, until none finds anything. Dead nodes fall away and common ones together at each. */
public final class Pipeline {
  private static final List<Pass> PASSES =
      List.of(
          new Rewrite(
              "cut-marks",
              "a value with stopped gradient is the value, once all gradients are taken",
              List.of(ShapeRules::stopGradient)),
          new Rewrite(
              "fold-constants",
              "what is known now is computed now, in double precision",
              FoldConstants.RULES),
          new Rewrite(
              "simplify",
              "identities of arithmetic that hold for every finite number",
              Algebra.RULES),
          new Rewrite("shapes", "moves of moves are one move", ShapeRules.RULES, ShapeRules.NEEDED),
          new Rewrite(
              "compute-small",
              "what is equal along an axis is computed once, then repeated",
              ComputeSmall.RULES),
          new Rewrite(
              "move-transposes",
              "element by element, axes may be in any order",
              MoveTransposes.RULES),
          new Rewrite(
              "few-places",
              "a reduction over few places that are not the last is arithmetic of slices",
              FewPlaces.RULES,
              ShapeRules.NEEDED_OF_ALL),
          new Rewrite(
              "absorb-transposes",
              "a product reads and writes axes in any order",
              AbsorbTransposes.RULES,
              AbsorbTransposes.NEEDED),
          Rewrite.inLoops(
              "loop-sums",
              "in a loop, sums are taken of what no state reaches first, and of products at once",
              LoopSums.RULES),
          new Rewrite(
              "row-sums",
              "rows that the steps of a loop add to tables are added to one, behind the loop",
              RowSums.RULES),
          new MergeParts(),
          new LeaveLoops());

  private static final Set<String> ARRANGING =
      Set.of("shapes", "move-transposes", "absorb-transposes");

  /** Rounds on top of one for each node: in a chain of values, each can wait for what became of the one before. */
  private static final int MOST_ROUNDS = 50;

  private Pipeline() {}

  /**
   * What has become of a graph.
   *
   * @param counts how often each pass applied
   * @param rounds how often all passes have run, the last time finding nothing
   */
  public record Outcome(Graph graph, Map<String, Integer> counts, int rounds) {}

  /** Names and laws, for the reader of a report. */
  public static Map<String, String> laws() {
    Map<String, String> laws = new LinkedHashMap<>();
    PASSES.forEach(pass -> laws.put(pass.name(), pass.law()));
    return laws;
  }

  /**
   * Brings the axes of products into the order in which they will be computed. Worth doing before gradients are taken, since what
   * a loop keeps for its gradient is then kept in that order.
   */
  public static Outcome arrange(Graph graph, Optimizations optimizations) {
    return run(
        graph,
        PASSES.stream()
            .filter(pass -> ARRANGING.contains(pass.name()) && optimizations.include(pass.name()))
            .toList());
  }

  public static Outcome run(Graph graph) {
    return run(graph, Optimizations.ALL);
  }

  /** Runs the passes that are not switched off, and of the others what the planner cannot do without. */
  public static Outcome run(Graph graph, Optimizations optimizations) {
    return run(
        graph,
        PASSES.stream()
            .flatMap(pass ->
                optimizations.include(pass.name()) ? Stream.of(pass) : pass.canonical().stream())
            .toList());
  }

  private static Outcome run(Graph graph, List<Pass> passes) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    passes.forEach(pass -> counts.put(pass.name(), 0));
    Graph current = graph;
    if (passes.isEmpty()) {
      return new Outcome(graph, counts, 0);
    }
    int idle = 0; // passes in a row that found nothing
    long most = (long) (MOST_ROUNDS + graph.nodes().size()) * passes.size();
    for (int i = 0; i < most; i++) {
      Pass pass = passes.get(i % passes.size());
      Pass.Outcome outcome = pass.run(current);
      current = GraphVerifier.verify(outcome.graph(), pass.name());
      counts.merge(pass.name(), outcome.count(), Integer::sum);
      idle = outcome.count() == 0 ? idle + 1 : 0;
      if (idle == passes.size()) {
        return new Outcome(current, counts, Math.ceilDiv(i + 1, passes.size()));
      }
    }
    throw new IllegalStateException("pipeline: the passes find no end");
  }

  /** One pass alone, by name: for tests of its law. */
  static Graph runAlone(String name, Graph graph) {
    return PASSES.stream()
        .filter(pass -> pass.name().equals(name))
        .findFirst()
        .orElseThrow()
        .run(graph)
        .graph();
  }
}
