package nnc.compiler.explain;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Select;

/** Which gradient rules the nodes of a graph stand for: the ops whose rules made them, and what is written out in them. */
final class AppliedRules {
  private final Derivation derivation;

  /** Of the values that the gradients belong to. */
  private final Formulas values;

  /** By the names of their ops, values whose gradient rules were applied. */
  private final Map<Node, Map<String, Node>> rules = new HashMap<>();

  AppliedRules(Derivation derivation, Formulas values) {
    this.derivation = derivation;
    this.values = values;
  }

  private Map<String, Node> rules(Node node) {
    return rules.getOrDefault(node, Map.of());
  }

  /** The rules that a line for the node shows. */
  List<String> of(Node node) {
    rules(node).values().forEach(derivation::apply);
    return List.copyOf(rules(node).keySet());
  }

  /** The node has a line, or is nothing: those that read it stand for other rules. */
  void told(Node node) {
    rules.put(node, Map.of());
  }

  /**
   * The rules that a node stands for, and those of the nodes that are written out in it.
   *
   * @param body of the recurrence whose result the node is
   */
  void collect(Node node, Optional<AppliedRules> body) {
    Map<String, Node> all = new LinkedHashMap<>();
    rules.put(node, all);
    if (node.op() instanceof Recur || node.constantValue().isPresent()) {
      return;
    }
    for (Node input : node.inputs()) {
      if (DerivationScope.isGradient(input) || input.op() instanceof Result) {
        rules(input).forEach(all::putIfAbsent);
      }
    }
    if (node.op() instanceof Result result) {
      body.ifPresent(steps -> steps.rules(Loop.value(node, result)).forEach(all::putIfAbsent));
    }
    node.gradientOf()
        .filter(of -> isRule(of, node))
        .ifPresent(of -> all.putIfAbsent(of.op().name(), of));
  }

  /** Whether the gradient rule of a node is one that a formula shows; what adds shares comes from no rule. */
  private boolean isRule(Node of, Node gradient) {
    if (gradient.op() instanceof Add
        && gradient.inputs().stream().allMatch(DerivationScope::isGradient)) {
      return false;
    }
    return switch (of.op()) {
      case Recur ignored -> false;
      case Reshape ignored -> false;
      case Permute ignored -> false;
      case Select ignored -> !values.isNumber(of.input(0));
      case Broadcast ignored -> gradient.op() instanceof Sum;
      case Multiply ignored -> of.inputs().stream().noneMatch(values::isOne);
      default -> true;
    };
  }
}
