package nnc.compiler.explain;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.op.Select;

/** Which gradient rules the nodes of a graph stand for: the ops whose rules made them, and what is written out in them. */
final class AppliedRules {
  private final Derivation derivation;

  /** Of the values that the gradients belong to. */
  private final Formulas values;

  private final Map<Node, Set<String>> rules = new HashMap<>();

  AppliedRules(Derivation derivation, Formulas values) {
    this.derivation = derivation;
    this.values = values;
  }

  List<String> of(Node node) {
    return List.copyOf(rules.getOrDefault(node, Set.of()));
  }

  /** The node has a line: those that read it stand for other rules. */
  void told(Node node) {
    rules.put(node, Set.of());
  }

  /**
   * The rules that a node stands for, and those of the nodes that are written out in it.
   *
   * @param body of the recurrence whose result the node is
   */
  void collect(Node node, Optional<AppliedRules> body) {
    Set<String> all = new LinkedHashSet<>();
    rules.put(node, all);
    if (node.op() instanceof Recur || node.constantValue().isPresent()) {
      return;
    }
    for (Node input : node.inputs()) {
      if (DerivationScope.isGradient(input) || input.op() instanceof Result) {
        all.addAll(of(input));
      }
    }
    if (node.op() instanceof Result result) {
      body.ifPresent(steps -> all.addAll(steps.of(Loop.value(node, result))));
    }
    node.gradientOf()
        .filter(of -> isRule(of, node))
        .ifPresent(of -> {
          derivation.apply(of);
          all.add(of.op().name());
        });
  }

  /** Whether the gradient rule of a node is one that a formula shows. */
  private boolean isRule(Node of, Node gradient) {
    return switch (of.op()) {
      case Recur ignored -> false;
      case Reshape ignored -> false;
      case Permute ignored -> false;
      case Select ignored -> !values.isNumber(of.input(0));
      case Broadcast ignored -> gradient.op() instanceof Sum;
      default -> true;
    };
  }
}
