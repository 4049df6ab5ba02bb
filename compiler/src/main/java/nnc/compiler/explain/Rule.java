package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;

/**
 * The gradient rule of an op, as the op itself states it over operands a, b, c: what each of them receives.
 *
 * @param result {@code y = exp(a)}
 * @param shares {@code δa = δy ⊙ y}
 */
public record Rule(String op, Share result, List<Share> shares) {
  private static final List<String> OPERANDS = List.of("a", "b", "c", "d");

  /** A name and what it is. */
  public record Share(Formula.Name left, Formula right) {}

  public Rule {
    shares = List.copyOf(shares);
  }

  /** @param node an application of the op: its shapes are the rule's */
  static Rule of(Node node) {
    GraphBuilder builder = new GraphBuilder();
    List<Node> operands = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Node input = node.input(i);
      String name = OPERANDS.get(Math.min(i, OPERANDS.size() - 1));
      operands.add(builder.add(new Variable(Variable.Kind.INPUT, name, input.type())));
    }
    Node result = builder.add(node.op(), operands);
    Node upstream = builder.add(new Variable(Variable.Kind.GRADIENT, "y", result.type()));
    List<Node> received = node.op().gradient(result, upstream);
    Formulas formulas = new Formulas();
    Share whole = new Share(named("y", false, result), anyAxes(formulas.of(result)));
    formulas.name(result, named("y", false, result));
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      if (received.get(i) != null) {
        shares.add(
            new Share(
                named(OPERANDS.get(Math.min(i, OPERANDS.size() - 1)), true, operands.get(i)),
                anyAxes(formulas.of(received.get(i)))));
      }
    }
    return new Rule(node.op().name(), whole, shares);
  }

  /** A rule holds for sums along any axes. */
  private static Formula anyAxes(Formula formula) {
    return formula instanceof Formula.Fold fold
        ? new Formula.Fold(fold.function(), "", anyAxes(fold.of()), fold.scalar())
        : formula.over(Rule::anyAxes);
  }

  private static Formula.Name named(String text, boolean gradient, Node node) {
    return new Formula.Name(text, gradient, "", node.shape().rank() == 0);
  }
}
