package nnc.cli.diff;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import nnc.compiler.Compilation;
import nnc.compiler.inspect.Costs;
import nnc.compiler.inspect.Focus;
import nnc.compiler.inspect.MemoryUse;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;
import nnc.compiler.model.Program;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Planner;

/**
 * One of the two models that are compared, or a part of it.
 *
 * @param file as the user names it
 * @param costs of the whole model
 */
public record Side(
    String file, Program program, Compilation compilation, Focus focus, Costs costs) {

  Side with(Focus part) {
    return new Side(file, program, compilation, part, costs);
  }

  TypedModel model() {
    return compilation.model();
  }

  boolean isWhole() {
    return focus instanceof Focus.Whole;
  }

  /** The nodes of the graph that are looked at. */
  Set<Node> forward() {
    return focus.nodes(compilation.graph());
  }

  /** The nodes that the gradient adds, of those that are looked at. */
  Set<Node> gradient() {
    Graph gradient = compilation.gradient();
    Map<String, Node> forward =
        gradient.roots().entrySet().stream()
            .filter(root -> !root.getKey().startsWith(Planner.GRADIENT))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Set<Node> added = new LinkedHashSet<>(focus.nodes(gradient));
    new NodeIds(Graph.of(forward)).nodes().forEach(added::remove);
    return added;
  }

  Predicate<Kernel> kernels() {
    return isWhole() ? _ -> true : Focus.kernels(focus.nodes(compilation.optimized()));
  }

  /** Costs of what is looked at. */
  Costs ownCosts() {
    return costs.of(focus, kernels());
  }

  MemoryUse memory() {
    MemoryUse whole = MemoryUse.of(compilation.plan(), model());
    return isWhole() ? whole : whole.of(compilation.plan(), kernels());
  }

  List<TypedModel.Parameter> parameters() {
    return model().parameters().stream()
        .filter(parameter ->
            switch (focus) {
              case Focus.Whole _ -> true;
              case Focus.Layer(String path) ->
                  parameter.path().startsWith(path + ".")
                      || TypedModel.shown(parameter.path()).startsWith(path + ".");
              case Focus.Parameter(String path) -> parameter.path().equals(path);
            })
        .toList();
  }

  /** The layers in which something is computed, in the order of the graph. */
  List<String> layers() {
    return forward().stream().flatMap(node -> node.layers().stream()).distinct().toList();
  }
}
