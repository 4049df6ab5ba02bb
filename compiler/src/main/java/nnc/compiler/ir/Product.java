package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sum over common axes of the product of two tensors, Einstein's convention: matrix products, their transposes and
 * batches of them alike. Each axis carries a label; {@code left}, {@code right} and {@code result} list the labels. A
 * label stands once in a list; every label of the result occurs in an operand. Labels are numbered in the order in which the
 * operands have them, so that equal products are equal however their author has called the axes.
 */
public record Product(List<Integer> left, List<Integer> right, List<Integer> result) implements Op {
  public Product {
    left = List.copyOf(left);
    right = List.copyOf(right);
    result = List.copyOf(result);
    for (List<Integer> labels : List.of(left, right, result)) {
      Op.require(
          labels.stream().distinct().count() == labels.size(), "a label stands once in " + labels);
    }
    for (int label : result) {
      Op.require(
          left.contains(label) || right.contains(label),
          "label " + label + " comes from an operand");
    }
    List<Integer> order = Stream.concat(left.stream(), right.stream()).distinct().toList();
    left = left.stream().map(order::indexOf).toList();
    right = right.stream().map(order::indexOf).toList();
    result = result.stream().map(order::indexOf).toList();
  }

  @Override
  public String name() {
    return "product";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Map<Integer, Size> sizes = sizes(inputs.get(0).shape(), inputs.get(1).shape());
    return Type.f32(new Shape(result.stream().map(sizes::get).toList()));
  }

  private Map<Integer, Size> sizes(Shape leftShape, Shape rightShape) {
    Map<Integer, Size> sizes = new HashMap<>();
    bind(left, leftShape, sizes);
    bind(right, rightShape, sizes);
    return sizes;
  }

  private static void bind(List<Integer> labels, Shape shape, Map<Integer, Size> sizes) {
    Op.require(labels.size() == shape.rank(), "a label for each axis of " + shape + ": " + labels);
    for (int axis = 0; axis < labels.size(); axis++) {
      Size before = sizes.putIfAbsent(labels.get(axis), shape.size(axis));
      Op.require(
          before == null || before.equals(shape.size(axis)),
          "one size a label: " + before + ", " + shape.size(axis));
    }
  }

  /** Each operand receives the product of the upstream gradient and the other operand, over what it lacks. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Node a = self.input(0);
    Node b = self.input(1);
    return List.of(
        operandGradient(upstream, b, right, left, a.shape()),
        operandGradient(upstream, a, left, right, b.shape()));
  }

  private Node operandGradient(
      Node upstream,
      Node other,
      List<Integer> otherLabels,
      List<Integer> ownLabels,
      Shape ownShape) {
    List<Integer> reachable = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int axis = 0; axis < ownLabels.size(); axis++) {
      int label = ownLabels.get(axis);
      if (result.contains(label) || otherLabels.contains(label)) {
        reachable.add(label);
        places.add(axis);
      }
    }
    Node product =
        upstream.builder().product(upstream, other, new Product(result, otherLabels, reachable));
    return product.broadcast(
        ownShape, places); // a label that was summed alone: every element receives the same
  }

  @Override
  public String toString() {
    return "product " + letters(left) + "," + letters(right) + "->" + letters(result);
  }

  private static String letters(List<Integer> labels) {
    return labels.stream()
        .map(label -> String.valueOf((char) ('a' + label)))
        .collect(Collectors.joining());
  }
}
