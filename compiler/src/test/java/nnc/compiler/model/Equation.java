package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import nnc.compiler.Project;
import nnc.compiler.grad.FiniteDifferences;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Variable;
import nnc.compiler.source.Source;

/** An expression of the language over some inputs, elaborated: its value and its gradients, in double precision. */
final class Equation {
  private final TypedModel model;
  private final TypedModel.Values values;

  /**
   * @param declarations separated by semicolons: {@code dim N = 2; input x: f32[N, 3]; input id: i32[N]}
   * @param expression statements separated by semicolons, the last of them the value
   */
  Equation(String declarations, String expression) {
    this("", declarations, expression);
  }

  /** @param layers that the expression uses, their statements separated by semicolons too */
  Equation(String layers, String declarations, String expression) {
    List<String> statements = new ArrayList<>(List.of(declarations.split(";")));
    statements.addAll(List.of(expression.split(";")));
    statements.set(statements.size() - 1, "output result = " + statements.getLast().strip());
    String text =
        (layers.isEmpty() ? "" : layers.replace(";", "\n") + "\n")
            + "model M {\n"
            + String.join("\n", statements)
            + "\n}\n";
    model =
        Models.elaborate(Project.of(new Source("equation.nn", text), Optional.empty()), Map.of());
    values = model.inference();
  }

  private Equation(TypedModel model, TypedModel.Values values) {
    this.model = model;
    this.values = values;
  }

  /** The same with train-only effects on. */
  Equation inTraining() {
    return new Equation(model, model.training());
  }

  TypedModel model() {
    return model;
  }

  Node node() {
    return Objects.requireNonNull(values.outputs().get("result"));
  }

  /** The value where inputs and parameters have these elements, by name. */
  double[] value(Map<String, double[]> elements) {
    return computed(node(), elements);
  }

  /** The next value of a buffer. */
  double[] update(String path, Map<String, double[]> elements) {
    return computed(Objects.requireNonNull(values.updates().get(path)), elements);
  }

  private double[] computed(Node node, Map<String, double[]> elements) {
    Interpreter interpreter = new Interpreter(extents(), tensors(elements), Equation::draw);
    return Known.in(interpreter.run(Graph.of(Map.of("value", node))), "value").values();
  }

  private static void draw(String path, double[] values) {
    Random random = new Random(path.hashCode());
    Arrays.setAll(values, i -> random.nextDouble());
  }

  int[] shape() {
    return node().shape().at(extents());
  }

  /** The gradient of the sum of all elements of the value by an input or parameter. */
  double[] gradient(String by, Map<String, double[]> elements) {
    Node gradient = new Gradients().of(total(node()), List.of(variable(by))).get(variable(by));
    Interpreter interpreter = new Interpreter(extents(), tensors(elements));
    return Known.in(interpreter.run(Graph.of(Map.of("g", gradient))), "g").values();
  }

  /** What differs from finite differences, in the gradient by all numbers; elements of the value weigh 1, 2, 3 … */
  Optional<String> disagreement(Map<String, double[]> elements) {
    List<Node> variables = new ArrayList<>();
    model.inputs().stream()
        .filter(input -> input.type().element() == ElementType.F32)
        .forEach(input -> variables.add(input.node()));
    model.parameters().stream()
        .filter(parameter -> !parameter.buffer())
        .forEach(parameter -> variables.add(variable(parameter.path())));
    Node weights = node().builder().add(new Iota(node().shape().elements())).plus(1);
    Node weighed =
        total(node().reshape(new Shape(List.of(node().shape().elements()))).times(weights));
    return FiniteDifferences.disagreement(
        weighed, variables, new Gradients().of(weighed, variables), tensors(elements), extents());
  }

  private static Node total(Node node) {
    return node.sum(IntStream.range(0, node.shape().rank()).boxed().toList());
  }

  private Node variable(String name) {
    return Graph.needed(List.of(node())).stream()
        .filter(node -> node.op() instanceof Variable variable && variable.variable().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the value does not depend on " + name));
  }

  /** As many rows as there can be. */
  private Map<Dim, Integer> extents() {
    return model.batch().map(dim -> Map.of(dim, dim.maximum())).orElse(Map.of());
  }

  private Map<String, Tensor> tensors(Map<String, double[]> elements) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (TypedModel.Input input : model.inputs()) {
      tensors.put(input.name(), tensor(input.type().shape(), Known.in(elements, input.name())));
    }
    for (TypedModel.Parameter parameter : model.parameters()) {
      tensors.put(
          parameter.path(), tensor(parameter.shape(), Known.in(elements, parameter.path())));
    }
    return tensors;
  }

  private Tensor tensor(Shape shape, double[] elements) {
    return new Tensor(shape.at(extents()), elements.clone());
  }
}
