package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Lifting;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Uniform;
import nnc.compiler.model.Value.Num;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import org.jspecify.annotations.Nullable;

/**
 * A {@code heads} block: its body is elaborated once, for any head, then lifted, so that all heads are computed together. A
 * head's own parameters are slots until then; their tensors have the heads as first axis. The heads' results stand side by
 * side in the last axis.
 */
final class HeadsBlock implements PerPart {
  private final Elaboration elaboration;
  private final Ast.Heads heads;
  private final int count;
  private final Map<Node, Node> ofAll = new LinkedHashMap<>();

  private HeadsBlock(Elaboration elaboration, Ast.Heads heads, int count) {
    this.elaboration = elaboration;
    this.heads = heads;
    this.count = count;
  }

  static Value elaborate(Elaboration elaboration, Ast.Heads heads, Scope outer) {
    Value count = elaboration.expressions.value(heads.count(), outer);
    if (!(count instanceof Num number)
        || number.value() < 1
        || number.value() > Integer.MAX_VALUE
        || number.value() != Math.rint(number.value())) {
      throw Problem.of(
          Diagnostic.at(heads.count().span(), "heads", "a whole number of heads was expected here")
              .note("found " + count.described())
              .help("for example: heads 8 as " + heads.as()));
    }
    return new HeadsBlock(elaboration, heads, (int) number.value()).run(outer);
  }

  private Value run(Scope outer) {
    Scope scope = outer.inner();
    scope.bindDim(heads.as().text(), headSize(outer));
    int first = elaboration.builder.nodes().size();
    Value result =
        elaboration.within(
            this,
            () ->
                elaboration.bodies.result(
                    heads.body(), scope, new Ast.Name("heads", heads.span())));
    return sideBySide(result, lift(result, first));
  }

  private Size headSize(Scope outer) {
    if (heads.size().isPresent()) {
      return elaboration.shapes.size(heads.size().get(), outer);
    }
    TensorValue argument =
        outer
            .argument()
            .orElseThrow(() ->
                Problem.of(
                    Diagnostic.at(heads.as().span(), "heads", "the size of a head is not known")
                        .note(
                            "it is taken from the first tensor that a layer is given; this block is in no layer")
                        .help(
                            "say it: heads "
                                + heads.count().span().text()
                                + " as "
                                + heads.as()
                                + " = …")));
    List<@Nullable String> axes = argument.axes();
    Size whole = axes.isEmpty() ? Size.of(1) : argument.node().shape().size(axes.size() - 1);
    if (!whole.isConstant() || whole.constant() % count != 0) {
      throw Problem.of(
          Diagnostic.at(
                  heads.count().span(),
                  "heads",
                  whole + " cannot be divided into " + count + " equal heads")
              .note(
                  whole
                      + " is the last axis of the first tensor that the layer is given, "
                      + argument.shapeText())
              .help(
                  "choose a number of heads that divides "
                      + whole
                      + (heads.span().source().isLibrary()
                          ? ""
                          : ", or say the size: as " + heads.as() + " = …")));
    }
    return Size.of(whole.constant() / count);
  }

  @Override
  public Span heading() {
    return heads.count().span();
  }

  @Override
  public Node slot(Node all) {
    Node slot = elaboration.part(all);
    slot.comesFrom(all);
    ofAll.put(slot, all);
    return slot;
  }

  @Override
  public Shape shape(Shape one) {
    return one.under(Size.of(count));
  }

  /** All that depends on the head, for all heads at once. */
  private Lifting lift(Value result, int first) {
    List<Node> wanted = tensors(result).stream().map(TensorValue::node).toList();
    List<Node> needed = Graph.needed(wanted);
    Lifting lifting = new Lifting(elaboration.builder, Size.of(count), this::refusal);
    ofAll.forEach(lifting::put);
    for (Node node : needed) {
      if (node.op() instanceof Uniform draw && node.id() >= first) {
        lifting.put(node, elaboration.builder.add(new Uniform(draw.path(), shape(draw.shape()))));
      }
    }
    lifting.lift(needed);
    return lifting;
  }

  private Problem refusal(Node node) {
    return Problem.of(
        Diagnostic.at(
                node.place().orElse(heads.span()),
                "unsupported",
                "this cannot be computed for all heads at once")
            .note("'" + node.op().name() + "' is computed from what each head has of its own")
            .help("move it out of the 'heads' block"));
  }

  private List<TensorValue> tensors(Value result) {
    return switch (result) {
      case Value.Results several ->
          several.values().stream().flatMap(value -> tensors(value).stream()).toList();
      default -> List.of(elaboration.tensors.tensor(result, heads.body().getLast().span()));
    };
  }

  private Value sideBySide(Value result, Lifting lifted) {
    return switch (result) {
      case Value.Results several ->
          new Value.Results(
              several.values().stream().map(value -> sideBySide(value, lifted)).toList());
      default -> {
        Span span = heads.body().getLast().span();
        TensorValue one = elaboration.tensors.tensor(result, span);
        if (one.axes().isEmpty()) {
          throw Problem.of(
              Diagnostic.at(span, "shape", "a head's result has an axis to stand side by side in")
                  .note("found " + one.described()));
        }
        yield joined(one, lifted);
      }
    };
  }

  /** [n, …, k] becomes […, n k]. */
  private TensorValue joined(TensorValue one, Lifting lifted) {
    Node head = one.node();
    Node all = lifted.all(head);
    int rank = one.axes().size();
    List<Integer> order = new ArrayList<>();
    for (int axis = 1; axis < rank; axis++) {
      order.add(axis);
    }
    order.add(0);
    order.add(rank);
    List<Size> sizes = new ArrayList<>(head.shape().sizes());
    sizes.set(rank - 1, sizes.getLast().times(Size.of(count)));
    List<@Nullable String> names = new ArrayList<>(one.axes());
    names.set(rank - 1, null);
    return new TensorValue(all.permute(order).reshape(new Shape(sizes)), names);
  }
}
