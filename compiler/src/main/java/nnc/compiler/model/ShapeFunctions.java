package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.Windows;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/** Functions that move elements or make tensors from sizes. */
final class ShapeFunctions {
  private ShapeFunctions() {}

  static void register(Map<String, BuiltIns.Entry> entries) {
    entries.put("reshape", ShapeFunctions::reshape);
    entries.put("flatten", ShapeFunctions::flatten);
    entries.put("permute", ShapeFunctions::permute);
    entries.put("concat", ShapeFunctions::concat);
    entries.put("pad", ShapeFunctions::pad);
    entries.put("broadcast", ShapeFunctions::broadcast);
    entries.put("one_hot", ShapeFunctions::oneHot);
    entries.put("iota", ShapeFunctions::iota);
    entries.put("size", ShapeFunctions::size);
    entries.put("windows", ShapeFunctions::windows);
  }

  /** reshape(x, (2, 3)): the same elements, in row-major order. */
  private static Value reshape(Arguments arguments) {
    arguments.expect(2, 2);
    TensorValue x = arguments.tensor(0);
    Shape target = new Shape(sizes(arguments.value(1), arguments.span(1)));
    if (!target.elements().equals(x.node().shape().elements())) {
      throw Problem.of(
          Diagnostic.at(arguments.span(), "shape", "'reshape' keeps the number of elements")
              .label(
                  arguments.span(0),
                  x.shapeText() + ", " + x.node().shape().elements() + " elements")
              .label(arguments.span(1), target.elements() + " elements"));
    }
    return new TensorValue(x.node().reshape(target), Tensors.unnamed(target.rank()));
  }

  private static List<Size> sizes(Value value, Span span) {
    List<Value> parts = value instanceof Value.Several several ? several.values() : List.of(value);
    return parts.stream().map(part -> Shapes.size(part, span)).toList();
  }

  /** flatten(x): all axes but the first as one. */
  private static Value flatten(Arguments arguments) {
    arguments.expect(1, 1);
    TensorValue x = arguments.tensor(0);
    if (x.axes().size() < 2) {
      return x;
    }
    Shape shape = x.node().shape();
    Size rest = shape.sizes().subList(1, shape.rank()).stream().reduce(Size.ONE, Size::times);
    List<@Nullable String> names = new ArrayList<>();
    names.add(x.axes().getFirst());
    names.add(null);
    return new TensorValue(x.node().reshape(new Shape(List.of(shape.size(0), rest))), names);
  }

  /** permute(x, (0, 2, 1)). */
  private static Value permute(Arguments arguments) {
    arguments.expect(2, 2);
    TensorValue x = arguments.tensor(0);
    List<Integer> order = new ArrayList<>();
    List<Value> written =
        arguments.value(1) instanceof Value.Several several
            ? several.values()
            : List.of(arguments.value(1));
    for (Value axis : written) {
      order.add(
          axis instanceof Value.Num number ? Axes.numbered(x, number, arguments.span(1)) : -1);
    }
    if (!order.stream().sorted().toList().equals(Tensors.allAxes(x.axes().size()))) {
      throw Problem.of(
          Diagnostic.at(arguments.span(1), "axis", "every axis once was expected here")
              .note("the tensor has the shape " + x.shapeText()));
    }
    return permuted(x, order);
  }

  static TensorValue permuted(TensorValue x, List<Integer> order) {
    List<@Nullable String> names = new ArrayList<>();
    order.forEach(axis -> names.add(x.axes().get(axis)));
    return new TensorValue(x.node().permute(order), names);
  }

  /** concat(a, b, …), along the last axis or over the one given. */
  private static Value concat(Arguments arguments) {
    arguments.expect(1, 99, Arguments.AXES);
    TensorValue first = arguments.tensor(0);
    int rank = first.axes().size();
    List<Integer> axes =
        arguments.named(Arguments.AXES).isPresent()
            ? arguments.axes(first)
            : rank == 0 ? List.of() : List.of(rank - 1);
    if (axes.size() != 1) {
      throw Problem.at(
          arguments.span(), "axis", "'concat' acts on one axis of tensors that have one");
    }
    int axis = axes.getFirst();
    List<Node> parts = new ArrayList<>();
    for (int i = 0; i < arguments.count(); i++) {
      TensorValue part = arguments.tensors().number(arguments.tensor(i));
      boolean fits =
          part.axes().size() == rank
              && part.node()
                  .shape()
                  .with(axis, Size.ONE)
                  .equals(first.node().shape().with(axis, Size.ONE));
      if (!fits || !part.node().shape().size(axis).isConstant()) {
        throw Problem.of(
            Diagnostic.at(
                    arguments.span(),
                    "shape",
                    "'concat' joins tensors that differ in one axis of known size")
                .label(arguments.span(0), first.shapeText())
                .label(arguments.span(i), part.shapeText()));
      }
      parts.add(part.node());
    }
    List<@Nullable String> names = new ArrayList<>(first.axes());
    if (parts.size() > 1) {
      names.set(axis, null);
    }
    Node node =
        parts.size() == 1
            ? parts.getFirst()
            : arguments.tensors().builder().add(new Concat(axis), parts);
    return new TensorValue(node, names);
  }

  /** windows(x, size, stride = 1, dilation = 1 over axis): the axis becomes two, windows and the places in each. */
  private static Value windows(Arguments arguments) {
    arguments.expect(2, 4, Arguments.AXES, "stride", "dilation");
    TensorValue x = arguments.tensor(0);
    int size = arguments.whole(arguments.value(1), arguments.span(1), 1);
    int stride = step(arguments, 2, "stride");
    int dilation = step(arguments, 3, "dilation");
    List<Integer> axes =
        arguments.named(Arguments.AXES).isPresent()
            ? arguments.axes(x)
            : List.of(x.axes().size() - 1);
    if (axes.size() != 1 || x.axes().isEmpty()) {
      throw Problem.of(
          Diagnostic.at(arguments.span(), "axis", "'windows' acts on one axis")
              .note("the tensor has the shape " + x.shapeText()));
    }
    int axis = axes.getFirst();
    Size length = x.node().shape().size(axis);
    if (!length.isConstant()) {
      throw Problem.at(
          arguments.span(),
          "shape",
          "'windows' needs an axis whose size is known: " + x.shapeText());
    }
    long reach = Windows.reach(size, dilation);
    if (reach > length.constant()) {
      throw Problem.of(
          Diagnostic.at(
                  arguments.span(),
                  "shape",
                  "a window of " + reach + " places does not fit into " + length)
              .note(
                  (dilation == 1
                          ? ""
                          : size + " places with dilation " + dilation + " reach over " + reach + "; ")
                      + "axis "
                      + axis
                      + " of "
                      + x.shapeText()
                      + ", padding included, has "
                      + length));
    }
    List<@Nullable String> names = new ArrayList<>(x.axes());
    names.set(axis, null);
    names.add(axis + 1, null);
    Node node = x.node().builder().add(new Windows(axis, size, stride, dilation), x.node());
    return new TensorValue(node, names);
  }

  /** A whole number of at least 1, by place or by name; 1 without it. */
  private static int step(Arguments arguments, int index, String name) {
    if (arguments.count() > index) {
      return arguments.whole(arguments.value(index), arguments.span(index), 1);
    }
    return arguments
        .named(name)
        .map(value -> arguments.whole(value, arguments.namedSpan(name), 1))
        .orElse(1);
  }

  /** pad(x, before, after, value = 0 over axis). */
  private static Value pad(Arguments arguments) {
    arguments.expect(3, 4, Arguments.AXES, "value");
    TensorValue x = arguments.tensor(0);
    int before = arguments.whole(arguments.value(1), arguments.span(1), 0);
    int after = arguments.whole(arguments.value(2), arguments.span(2), 0);
    double value = padding(arguments);
    List<Integer> axes =
        arguments.named(Arguments.AXES).isPresent()
            ? arguments.axes(x)
            : List.of(x.axes().size() - 1);
    if (before == 0 && after == 0) {
      return x;
    }
    Node node = x.node();
    List<@Nullable String> names = new ArrayList<>(x.axes());
    for (int axis : axes) {
      if (!node.shape().size(axis).isConstant()) {
        throw Problem.at(
            arguments.span(), "shape", "'pad' needs an axis whose size is known: " + x.shapeText());
      }
      node = node.builder().add(new Pad(axis, before, after, value), node);
      names.set(axis, null);
    }
    return new TensorValue(node, names);
  }

  private static double padding(Arguments arguments) {
    if (arguments.count() < 4 && arguments.named("value").isEmpty()) {
      return 0;
    }
    Value value = arguments.count() > 3 ? arguments.value(3) : arguments.named("value").get();
    if (value instanceof Value.Num number) {
      return number.value();
    }
    throw Problem.of(
        Diagnostic.at(arguments.span(), "type", "'pad' fills with a number known now")
            .note("found " + value.described()));
  }

  /** broadcast(value, like): the value in the shape of another tensor. */
  private static Value broadcast(Arguments arguments) {
    arguments.expect(2, 2);
    TensorValue value = arguments.tensor(0);
    TensorValue like = arguments.tensor(1);
    List<TensorValue> both =
        arguments
            .tensors()
            .broadcastTogether(
                List.of(value, like),
                "broadcast",
                arguments.span(),
                List.of(arguments.span(0), arguments.span(1)));
    return new TensorValue(both.getFirst().node(), like.axes());
  }

  /** one_hot(ids, n): a truth value for each of n classes, of which one holds. */
  private static Value oneHot(Arguments arguments) {
    arguments.expect(2, 2, "ignore");
    TensorValue ids = arguments.tensor(0);
    Size classes = Shapes.size(arguments.value(1), arguments.span(1));
    if (ids.node().op() instanceof Variable input
        && input.kind() == Variable.Kind.INPUT
        && classes.isConstant()) {
      Integer ignored =
          arguments
              .named("ignore")
              .filter(Value.Num.class::isInstance)
              .map(value -> (int) ((Value.Num) value).value())
              .orElse(null);
      arguments
          .elaboration()
          .restrictIds(input, new TypedModel.IdRange(classes.constant(), ignored));
    }
    List<Size> sizes = new ArrayList<>(ids.node().shape().sizes());
    sizes.add(classes);
    Shape shape = new Shape(sizes);
    int last = sizes.size() - 1;
    Node place =
        arguments.tensors().builder().add(new Iota(classes)).broadcast(shape, List.of(last));
    Node hot = place.compared(Comparison.EQUAL, ids.node().spread(shape, List.of(last)));
    List<@Nullable String> names = new ArrayList<>(ids.axes());
    names.add(null);
    return new TensorValue(hot, names);
  }

  /** iota(n): 0, 1, … n - 1. */
  private static Value iota(Arguments arguments) {
    arguments.expect(1, 1);
    Size size = Shapes.size(arguments.value(0), arguments.span(0));
    return new TensorValue(arguments.tensors().builder().add(new Iota(size)), Tensors.unnamed(1));
  }

  /** size(x over axes): how many elements there are along axes. */
  private static Value size(Arguments arguments) {
    arguments.expect(1, 1, Arguments.AXES);
    TensorValue x = arguments.tensor(0);
    return Scope.ofSize(
        arguments.axes(x).stream().map(x.node().shape()::size).reduce(Size.ONE, Size::times));
  }
}
