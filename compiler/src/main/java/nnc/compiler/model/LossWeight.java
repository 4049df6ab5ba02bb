package nnc.compiler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Uniform;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.Divide;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Negate;
import nnc.compiler.ir.op.Subtract;

/**
 * By what the gradients of several batches are weighed, so that together they are the gradient over all of their rows: found by
 * following the loss from its sums over the batch.
 */
final class LossWeight {
  /** What a value without a batch axis does when batches are put together. */
  private sealed interface Behaviour {
    /** It is the same in each. */
    record Same() implements Behaviour {}

    /** It adds up. */
    record Total() implements Behaviour {}

    /** A total by a count of the same batch. */
    record Mean(Training.Weight weight) implements Behaviour {}

    /** Nothing of this. */
    record Other() implements Behaviour {}
  }

  private static final Behaviour SAME = new Behaviour.Same();
  private static final Behaviour TOTAL = new Behaviour.Total();
  private static final Behaviour OTHER = new Behaviour.Other();

  private final Optional<Dim> batch;
  private final Map<Node, Behaviour> behaviours = new HashMap<>();

  private LossWeight(Optional<Dim> batch) {
    this.batch = batch;
  }

  /** The weight, if there is one. */
  static Optional<Training.Weight> of(Node loss, Optional<Dim> batch) {
    LossWeight weights = new LossWeight(batch);
    Graph.needed(List.of(loss)).stream()
        .filter(node -> !weights.isPerRow(node))
        .forEach(node -> weights.behaviours.put(node, weights.behaviour(node)));
    return switch (Known.in(weights.behaviours, loss)) {
      case Behaviour.Same ignored -> Optional.of(new Training.Weight.Rows());
      case Behaviour.Total ignored -> Optional.of(new Training.Weight.One());
      case Behaviour.Mean mean -> Optional.of(mean.weight());
      case Behaviour.Other ignored -> Optional.empty();
    };
  }

  private boolean isPerRow(Node node) {
    return batch.isPresent()
        && node.shape().sizes().stream().anyMatch(size -> size.dims().contains(batch.get()));
  }

  private Behaviour behaviour(Node node) {
    if (node.op() instanceof Extent extent) {
      return batch.filter(extent.size().dims()::contains).isPresent() ? TOTAL : SAME;
    }
    if (node.inputs().stream().anyMatch(this::isPerRow)) {
      return node.op() instanceof Sum || node.op() instanceof Product ? TOTAL : OTHER;
    }
    List<Behaviour> inputs = new ArrayList<>();
    node.inputs().forEach(input -> inputs.add(Known.in(behaviours, input)));
    if (inputs.stream().allMatch(SAME::equals)) {
      boolean drawn = node.op() instanceof Uniform;
      boolean fed =
          node.op() instanceof Variable variable && variable.kind() == Variable.Kind.INPUT;
      return drawn || fed ? OTHER : SAME;
    }
    return switch (node.op()) {
      case Sum ignored -> inputs.getFirst();
      case ShapeOp ignored -> alike(inputs);
      case Product ignored -> times(inputs);
      case Elementwise ignored -> elementwise(node, inputs);
      default -> OTHER;
    };
  }

  private Behaviour elementwise(Node node, List<Behaviour> inputs) {
    return switch (node.op()) {
      case Negate ignored -> inputs.getFirst();
      case Add ignored -> plus(inputs);
      case Subtract ignored -> plus(inputs);
      case Multiply ignored -> times(inputs);
      case Divide ignored -> over(inputs, node.input(1));
      default -> OTHER;
    };
  }

  private static Behaviour alike(List<Behaviour> parts) {
    return parts.stream().distinct().count() == 1 ? parts.getFirst() : OTHER;
  }

  /** What is the same in each batch counts once among means, and would count once a batch among totals. */
  private static Behaviour plus(List<Behaviour> parts) {
    List<Behaviour> varying = parts.stream().filter(part -> !part.equals(SAME)).toList();
    return varying.size() < parts.size() && varying.contains(TOTAL) ? OTHER : alike(varying);
  }

  private static Behaviour times(List<Behaviour> factors) {
    List<Behaviour> varying = factors.stream().filter(factor -> !factor.equals(SAME)).toList();
    return varying.size() == 1 ? varying.getFirst() : OTHER;
  }

  private static Behaviour over(List<Behaviour> inputs, Node divisor) {
    if (inputs.get(1).equals(SAME)) {
      return inputs.getFirst();
    }
    return inputs.getFirst().equals(TOTAL) && inputs.get(1).equals(TOTAL)
        ? count(divisor).<Behaviour>map(Behaviour.Mean::new).orElse(OTHER)
        : OTHER;
  }

  /** A divisor as a weight: a count that data may decide, but no parameter. */
  private static Optional<Training.Weight> count(Node divisor) {
    Node count = divisor;
    while (count.op() instanceof ShapeOp && count.inputs().size() == 1) {
      count = count.input(0);
    }
    List<Variable.Kind> read =
        Graph.needed(List.of(count)).stream()
            .filter(node -> node.op() instanceof Variable)
            .map(node -> ((Variable) node.op()).kind())
            .toList();
    if (read.isEmpty()) {
      return Optional.of(new Training.Weight.Rows()); // or as many times as much
    }
    return count.shape().rank() == 0 && read.stream().allMatch(Variable.Kind.INPUT::equals)
        ? Optional.of(new Training.Weight.Count(count))
        : Optional.empty();
  }
}
