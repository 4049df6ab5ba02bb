package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/** Arithmetic on tensor values: NumPy's broadcasting and matmul, with the names of axes carried along. */
final class Tensors {
  private final GraphBuilder builder;

  Tensors(GraphBuilder builder) {
    this.builder = builder;
  }

  GraphBuilder builder() {
    return builder;
  }

  /** A value as a tensor; a number becomes a constant. */
  TensorValue tensor(Value value, Span span) {
    return switch (value) {
      case TensorValue tensor -> tensor;
      case Value.Num number -> scalar(builder.constant(number.value()));
      case Value.RunTimeSize size -> scalar(builder.add(new Extent(size.size())));
      case Value.Several several when several.values().size() == 1 ->
          tensor(several.values().getFirst(), span);
      case Value.Broken ignored -> throw Problem.told();
      case Value.Time time ->
          throw Problem.of(
              Diagnostic.at(span, "type", "a tensor or a number was expected here")
                  .note("found " + value.described())
                  .help("its number, from 0, is " + time.block().number()));
      default ->
          throw Problem.of(
              Diagnostic.at(span, "type", "a tensor or a number was expected here")
                  .note("found " + value.described()));
    };
  }

  static TensorValue scalar(Node node) {
    return new TensorValue(node, List.of());
  }

  /** Applies an elementwise op to operands that broadcast against each other. */
  TensorValue elementwise(
      Elementwise op, List<TensorValue> operands, Span span, List<Span> places) {
    return elementwise(op, op.name(), operands, span, places);
  }

  /** The same of an operator, which errors call as it is written: {@code +}. */
  TensorValue operator(
      Elementwise op, List<TensorValue> operands, Span operator, List<Span> places) {
    return elementwise(op, operator.text(), operands, operator, places);
  }

  private TensorValue elementwise(
      Elementwise op, String operation, List<TensorValue> operands, Span span, List<Span> places) {
    List<TensorValue> same = broadcastTogether(operands, operation, span, places);
    Node node = builder.add(op, same.stream().map(TensorValue::node).toList());
    return new TensorValue(node, same.getFirst().axes());
  }

  /** A truth value where a number is needed becomes 1 or 0. */
  TensorValue number(TensorValue value) {
    return value.node().type().element() == ElementType.BOOL
        ? new TensorValue(value.node().number(), value.axes())
        : value;
  }

  List<TensorValue> broadcastTogether(
      List<TensorValue> operands, String operation, Span span, List<Span> places) {
    int rank = operands.stream().mapToInt(operand -> operand.axes().size()).max().orElse(0);
    List<Size> sizes = new ArrayList<>();
    List<@Nullable String> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      Size size = Size.ONE;
      String name = null;
      for (TensorValue operand : operands) {
        int own = axis - rank + operand.axes().size();
        if (own < 0) {
          continue;
        }
        Size ownSize = operand.node().shape().size(own);
        if (size.isOne()) {
          name = ownSize.isOne() && name != null ? name : operand.axes().get(own);
          size = ownSize;
        } else if (ownSize.equals(size)) {
          name = name == null ? operand.axes().get(own) : name;
        } else if (!ownSize.isOne()) {
          throw Problem.of(mismatch(operands, operation, span, places, axis - rank, size, ownSize));
        }
      }
      sizes.add(size);
      axes.add(name);
    }
    Shape shape = new Shape(sizes);
    return operands.stream()
        .map(operand -> new TensorValue(expand(operand.node(), shape), axes))
        .toList();
  }

  private static Diagnostic mismatch(
      List<TensorValue> operands,
      String operation,
      Span span,
      List<Span> places,
      int axis,
      Size one,
      Size other) {
    Diagnostic diagnostic =
        Diagnostic.at(span, "shape", "the shapes of '" + operation + "' do not go together");
    for (int i = 0; i < operands.size(); i++) {
      diagnostic = diagnostic.label(places.get(i), operands.get(i).shapeText());
    }
    return diagnostic
        .note(one + " is not " + other + " (axis " + axis + ", counted from the end)")
        .help(Shapes.BROADCASTING);
  }

  /** Whether a shape broadcasts to another: aligned at the last axes, each size is equal or 1. */
  static boolean expands(Shape own, Shape target) {
    int lead = target.rank() - own.rank();
    return lead >= 0
        && IntStream.range(0, own.rank())
            .allMatch(
                axis -> own.size(axis).isOne() || own.size(axis).equals(target.size(lead + axis)));
  }

  /** Repeats a tensor along the axes it lacks, or has with size 1, of a shape it is known to fit. */
  static Node expand(Node node, Shape shape) {
    int lead = shape.rank() - node.shape().rank();
    List<Integer> places = new ArrayList<>();
    List<Size> kept = new ArrayList<>();
    for (int axis = 0; axis < node.shape().rank(); axis++) {
      Size own = node.shape().size(axis);
      if (own.equals(shape.size(lead + axis))) {
        places.add(lead + axis);
        kept.add(own);
      }
    }
    return node.reshape(new Shape(kept)).broadcast(shape, places);
  }

  /** numpy.matmul. */
  TensorValue matmul(TensorValue a, TensorValue b, Span span, Span left, Span right) {
    int aRank = a.axes().size();
    int bRank = b.axes().size();
    if (aRank == 0 || bRank == 0) {
      throw Problem.of(
          Diagnostic.at(span, "shape", "'@' needs tensors with at least one axis")
              .label(left, a.shapeText())
              .label(right, b.shapeText())
              .help("a number times a tensor is written with '*'"));
    }
    int inner = aRank - 1;
    int outer = bRank == 1 ? 0 : bRank - 2;
    Size aInner = a.node().shape().size(inner);
    Size bInner = b.node().shape().size(outer);
    if (!aInner.equals(bInner)) {
      throw Problem.of(
          Diagnostic.at(span, "shape", "the inner sizes of '@' differ")
              .label(left, a.shapeText())
              .label(right, b.shapeText())
              .note(sizeOf(a, inner, left) + " is not " + sizeOf(b, outer, right)));
    }
    // labels: 0 the inner axis, 1 rows, 2 columns, 3 … the batch axes counted from the innermost
    List<Integer> aLabels = new ArrayList<>();
    List<Integer> bLabels = new ArrayList<>();
    List<Integer> resultLabels = new ArrayList<>();
    List<@Nullable String> names = new ArrayList<>();
    int aBatch = Math.max(0, aRank - 2);
    int bBatch = Math.max(0, bRank - 2);
    Node aNode = a.node();
    Node bNode = b.node();
    for (int back = Math.max(aBatch, bBatch); back >= 1; back--) {
      resultLabels.add(2 + back);
      boolean inA = back <= aBatch;
      boolean inB = back <= bBatch;
      names.add(
          inA && a.axes().get(aBatch - back) != null
              ? a.axes().get(aBatch - back)
              : inB ? b.axes().get(bBatch - back) : null);
      if (inA) {
        aLabels.add(2 + back);
      }
      if (inB) {
        bLabels.add(2 + back);
      }
    }
    if (aBatch > 0 && bBatch > 0) {
      Shape aLead = new Shape(aNode.shape().sizes().subList(0, aBatch));
      Shape bLead = new Shape(bNode.shape().sizes().subList(0, bBatch));
      List<Size> common = new ArrayList<>();
      for (int back = Math.max(aBatch, bBatch); back >= 1; back--) {
        Size one = back <= aBatch ? aLead.size(aBatch - back) : Size.ONE;
        Size other = back <= bBatch ? bLead.size(bBatch - back) : Size.ONE;
        if (!one.equals(other) && !one.isOne() && !other.isOne()) {
          throw Problem.of(
              mismatch(List.of(a, b), "@", span, List.of(left, right), -2 - back, one, other));
        }
        common.add(one.isOne() ? other : one);
      }
      aNode = expandLead(aNode, common.subList(common.size() - aBatch, common.size()), aBatch);
      bNode = expandLead(bNode, common.subList(common.size() - bBatch, common.size()), bBatch);
    }
    if (aRank > 1) {
      aLabels.add(1);
      resultLabels.add(1);
      names.add(a.axes().get(aRank - 2));
    }
    aLabels.add(0);
    bLabels.add(0);
    if (bRank > 1) {
      bLabels.add(2);
      resultLabels.add(2);
      names.add(b.axes().get(bRank - 1));
    }
    return new TensorValue(
        builder.product(aNode, bNode, new Product(aLabels, bLabels, resultLabels)), names);
  }

  private static Node expandLead(Node node, List<Size> lead, int own) {
    List<Size> sizes = new ArrayList<>(lead);
    sizes.addAll(node.shape().sizes().subList(own, node.shape().rank()));
    return expand(node, new Shape(sizes));
  }

  private static String sizeOf(TensorValue tensor, int axis, Span place) {
    String name = tensor.axes().get(axis);
    String axisText =
        name != null && !name.startsWith("...") ? "axis '" + name + "'" : "axis " + axis;
    return tensor.node().shape().size(axis) + " (" + axisText + " of " + place.text().strip() + ")";
  }

  static List<@Nullable String> unnamed(int rank) {
    return new ArrayList<>(Collections.nCopies(rank, null));
  }

  static List<Integer> allAxes(int rank) {
    Integer[] axes = new Integer[rank];
    Arrays.setAll(axes, axis -> axis);
    return Arrays.asList(axes);
  }
}
