package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Products written with labels: {@code einsum("b t d, d k -> b t k", x, W)}. */
final class ProductFunctions {
  private ProductFunctions() {}

  static void register(Map<String, BuiltIns.Entry> entries) {
    entries.put("einsum", ProductFunctions::einsum);
    entries.put("cumsum", ProductFunctions::cumsum);
  }

  /** cumsum(x over axis): the sum of what comes before, and of itself: a product with a triangle of ones. */
  private static Value cumsum(Arguments arguments) {
    arguments.expect(1, 1, Arguments.AXES);
    TensorValue x = arguments.tensors().number(arguments.tensor(0));
    int axis = arguments.knownAxis(x);
    int rank = x.axes().size();
    Size size = x.node().shape().size(axis);
    Shape square = new Shape(List.of(size, size));
    Node places = arguments.tensors().builder().add(new Iota(size));
    Node triangle =
        places
            .broadcast(square, List.of(0))
            .compared(Comparison.LESS_OR_EQUAL, places.broadcast(square, List.of(1)))
            .number();
    List<Integer> labels = Tensors.allAxes(rank);
    List<Integer> result = new ArrayList<>(labels);
    result.set(axis, rank);
    return new TensorValue(
        arguments
            .tensors()
            .builder()
            .product(x.node(), triangle, new Product(labels, List.of(axis, rank), result)),
        x.axes());
  }

  private static Value einsum(Arguments arguments) {
    arguments.expect(1, 99);
    if (!(arguments.value(0) instanceof Value.Text(String text))) {
      throw Problem.of(
          Diagnostic.at(
                  arguments.span(0), "type", "'einsum' begins with the labels of the axes, a text")
              .note("found " + arguments.value(0).described())
              .help("einsum(\"b t d, d k -> b t k\", x, W)"));
    }
    if (arguments.count() != 3) {
      throw Problem.of(
          Diagnostic.at(
                  arguments.span(),
                  "einsum",
                  "'einsum' multiplies two tensors, not " + (arguments.count() - 1))
              .help(
                  arguments.count() > 3
                      ? "multiply two first, then their product with the next"
                      : "einsum(\"b t d, d k -> b t k\", x, W)"));
    }
    String[] sides = text.split("->", -1);
    String[] operands = sides[0].split(",", -1);
    if (sides.length != 2 || operands.length != 2) {
      throw Problem.of(
          Diagnostic.at(
                  arguments.span(0), "einsum", "two lists of labels and a result were expected")
              .help("einsum(\"b t d, d k -> b t k\", x, W)"));
    }
    Map<String, Integer> labels = new LinkedHashMap<>();
    Map<Integer, Size> sizes = new LinkedHashMap<>();
    Map<Integer, String> names = new LinkedHashMap<>();
    List<List<Integer>> lists = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      TensorValue operand = arguments.tensors().number(arguments.tensor(i + 1));
      List<Integer> own = numbers(operands[i], labels, arguments);
      if (own.size() != operand.axes().size()) {
        throw Problem.of(
            Diagnostic.at(
                    arguments.span(0),
                    "einsum",
                    own.size() + " labels for a tensor of " + operand.axes().size() + " axes")
                .label(arguments.span(i + 1), operand.shapeText()));
      }
      for (int axis = 0; axis < own.size(); axis++) {
        Size size = operand.node().shape().size(axis);
        Size before = sizes.putIfAbsent(own.get(axis), size);
        if (before != null && !before.equals(size)) {
          throw Problem.of(
              Diagnostic.at(
                      arguments.span(0),
                      "shape",
                      "the label '"
                          + List.copyOf(labels.keySet()).get(own.get(axis))
                          + "' has two sizes")
                  .note(before + " is not " + size)
                  .label(arguments.span(i + 1), operand.shapeText()));
        }
        String name = operand.axes().get(axis);
        if (name != null) {
          names.putIfAbsent(own.get(axis), name);
        }
      }
      lists.add(own);
    }
    int known = labels.size();
    List<Integer> result = numbers(sides[1], labels, arguments);
    if (labels.size() > known) {
      throw Problem.of(
          Diagnostic.at(
              arguments.span(0),
              "einsum",
              "the result's label '"
                  + List.copyOf(labels.keySet()).get(known)
                  + "' is in no operand"));
    }
    List<@Nullable String> resultNames = new ArrayList<>();
    result.forEach(label -> resultNames.add(names.get(label)));
    Tensors tensors = arguments.tensors();
    return new TensorValue(
        tensors
            .builder()
            .product(
                tensors.number(arguments.tensor(1)).node(),
                tensors.number(arguments.tensor(2)).node(),
                new Product(lists.get(0), lists.get(1), result)),
        resultNames);
  }

  private static List<Integer> numbers(
      String text, Map<String, Integer> labels, Arguments arguments) {
    List<Integer> numbers = new ArrayList<>();
    for (String label : text.strip().split("\\s+")) {
      if (!label.isEmpty()) {
        numbers.add(labels.computeIfAbsent(label, ignored -> labels.size()));
      }
    }
    if (numbers.stream().distinct().count() != numbers.size()) {
      throw Problem.at(
          arguments.span(0), "einsum", "a label stands twice in '" + text.strip() + "'");
    }
    return numbers;
  }
}
