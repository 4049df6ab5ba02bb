package nnc.compiler.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Draw;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Uniform;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;

/** Functions about the graph itself: gradients as values, random numbers. */
final class GraphFunctions {
  private GraphFunctions() {}

  static void register(Map<String, BuiltIns.Entry> entries) {
    entries.put("grad", GraphFunctions::gradient);
    entries.put("uniform_like", GraphFunctions::uniformLike);
    entries.put("categorical", GraphFunctions::categorical);
  }

  /** grad(y, x): the gradient of a scalar by any tensor it is computed from. */
  private static Value gradient(Arguments arguments) {
    arguments.expect(2, 2);
    TensorValue y = arguments.tensor(0);
    TensorValue x = arguments.tensor(1);
    if (!y.axes().isEmpty()) {
      throw Problem.of(
          Diagnostic.at(arguments.span(0), "shape", "'grad' differentiates a scalar")
              .note("found " + y.described())
              .help("sum it, or take its mean, first"));
    }
    Set<Node> read = Set.copyOf(Graph.needed(List.of(y.node())));
    Set<Node> behind = Set.copyOf(Graph.needed(List.of(x.node())));
    for (Block block : arguments.elaboration().blocks()) {
      block.requireTotal(read, x.node(), behind, arguments.span(1));
    }
    Node gradient = new Gradients().of(y.node(), List.of(x.node())).get(x.node());
    if (gradient == null) {
      throw Problem.of(
          Diagnostic.at(
                  arguments.span(1), "grad", "the first argument of 'grad' does not depend on this")
              .help("differentiate by a value that it is computed from, under the same name"));
    }
    return new TensorValue(gradient, x.axes());
  }

  /** categorical(weights, (B, 5)): ids of that shape, drawn as often as their weights say, new in each step. */
  private static Value categorical(Arguments arguments) {
    arguments.expect(2, 2);
    Tensors tensors = arguments.tensors();
    TensorValue weights = tensors.number(arguments.tensor(0));
    if (weights.axes().size() != 1) {
      throw Problem.of(
          Diagnostic.at(arguments.span(0), "shape", "a row of weights was expected here")
              .note("found " + weights.described())
              .help("one weight for each id: counts^0.75"));
    }
    Shapes.Declared wanted = arguments.shape(1);
    String path = arguments.elaboration().drawPath(arguments.scope().frame(), "categorical");
    Node numbers = tensors.builder().add(new Uniform(path, wanted.shape()));
    return new TensorValue(
        tensors.builder().add(new Draw(), weights.node(), numbers), wanted.axes());
  }

  /** uniform_like(x): random numbers from [0, 1) in the shape of x, new in each step. */
  private static Value uniformLike(Arguments arguments) {
    arguments.expect(1, 1);
    TensorValue x = arguments.tensor(0);
    String path = arguments.elaboration().drawPath(arguments.scope().frame(), "uniform");
    return new TensorValue(
        arguments.tensors().builder().add(new Uniform(path, x.node().shape())), x.axes());
  }
}
