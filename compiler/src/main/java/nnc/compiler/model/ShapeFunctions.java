package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Reverse;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.Windows;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Functions that move elements or make tensors from sizes. */
final class ShapeFunctions {
  private ShapeFunctions() {}

  static void register(Map<String, BuiltIns.Entry> entries) {
    entries.put("reshape", ShapeFunctions::reshape);
    entries.put("flatten", ShapeFunctions::flatten);
    entries.put("permute", ShapeFunctions::permute);
    entries.put("concat", ShapeFunctions::concat);
    entries.put("stack", ShapeFunctions::stack);
    entries.put("split", ShapeFunctions::split);
    entries.put("rearrange", Rearrangement::rearrange);
    entries.put("reverse", ShapeFunctions::reverse);
    entries.put("pad", ShapeFunctions::pad);
    entries.put("broadcast", ShapeFunctions::broadcast);
    entries.put("one_hot", ShapeFunctions::oneHot);
    entries.put("iota", ShapeFunctions::iota);
    entries.put("size", ShapeFunctions::size);
    entries.put("windows", ShapeFunctions::windows);
  }

  /** reshape(x, (2, 3)), reshape(x, y): the same elements, in row-major order, in a shape or in that of a tensor. */
  private static Value reshape(Arguments arguments) {
    arguments.expect(2, 2);
    TensorValue x = arguments.tensor(0);
    Shapes.Declared wanted = arguments.shape(1);
    Shape target = wanted.shape();
    if (!target.elements().equals(x.node().shape().elements())) {
      throw Problem.of(
          Diagnostic.at(arguments.span(), "shape", "'reshape' keeps the number of elements")
              .label(
                  arguments.span(0),
                  x.shapeText() + ", " + x.node().shape().elements() + " elements")
              .label(arguments.span(1), target.elements() + " elements"));
    }
    return new TensorValue(x.node().reshape(target), wanted.axes());
  }

  /** flatten(x), flatten(x, from = 2): all axes but the first, or all from one on, as one. */
  private static Value flatten(Arguments arguments) {
    arguments.expect(1, 1, "from");
    TensorValue x = arguments.tensor(0);
    int rank = x.axes().size();
    int from =
        arguments
            .named("from")
            .map(value -> arguments.whole(value, arguments.namedSpan("from"), 0))
            .orElse(Math.min(1, rank));
    if (from > rank) {
      throw Problem.of(
          Diagnostic.at(arguments.namedSpan("from"), "axis", "there are only " + rank + " axes")
              .label(arguments.span(0), x.shapeText()));
    }
    if (arguments.named("from").isEmpty() && rank < 2) {
      return x;
    }
    Shape shape = x.node().shape();
    List<Size> sizes = new ArrayList<>(shape.sizes().subList(0, from));
    sizes.add(shape.sizes().subList(from, rank).stream().reduce(Size.ONE, Size::times));
    List<@Nullable String> names = new ArrayList<>(x.axes().subList(0, from));
    names.add(null);
    return new TensorValue(x.node().reshape(new Shape(sizes)), names);
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
    int axis = arguments.axis(first);
    List<@Nullable String> names = new ArrayList<>(first.axes());
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
      for (int each = 0; each < rank; each++) {
        names.set(each, names.get(each) == null ? part.axes().get(each) : names.get(each));
      }
    }
    if (parts.size() > 1) {
      names.set(axis, null);
    }
    Node node =
        parts.size() == 1
            ? parts.getFirst()
            : arguments.tensors().builder().add(new Concat(axis), parts);
    return new TensorValue(node, names);
  }

  /** stack(a, b, …): one after the other along a new axis, the first or the one whose number is given. */
  private static Value stack(Arguments arguments) {
    arguments.expect(1, 99, Arguments.AXES);
    TensorValue first = arguments.tensor(0);
    int axis = 0;
    if (arguments.named(Arguments.AXES).isPresent()) {
      Shape whole = inserted(first.node().shape(), 0);
      axis =
          arguments.axis(
              new TensorValue(first.node().reshape(whole), Tensors.unnamed(whole.rank())));
    }
    List<@Nullable String> names = new ArrayList<>(first.axes());
    names.add(axis, null);
    List<Node> parts = new ArrayList<>();
    for (int i = 0; i < arguments.count(); i++) {
      TensorValue part = arguments.tensors().number(arguments.tensor(i));
      if (!part.node().shape().equals(first.node().shape())) {
        throw Problem.of(
            Diagnostic.at(arguments.span(), "shape", "'stack' joins tensors of one shape")
                .label(arguments.span(0), first.shapeText())
                .label(arguments.span(i), part.shapeText()));
      }
      parts.add(part.node().reshape(inserted(part.node().shape(), axis)));
    }
    Node node =
        parts.size() == 1
            ? parts.getFirst()
            : arguments.tensors().builder().add(new Concat(axis), parts);
    return new TensorValue(node, names);
  }

  private static Shape inserted(Shape shape, int axis) {
    List<Size> sizes = new ArrayList<>(shape.sizes());
    sizes.add(axis, Size.ONE);
    return new Shape(sizes);
  }

  /** split(x, n over axis): n parts of one size, one after the other. */
  private static Value split(Arguments arguments) {
    arguments.expect(2, 2, Arguments.AXES);
    TensorValue x = arguments.tensor(0);
    int count = arguments.whole(arguments.value(1), arguments.span(1), 1);
    int axis = arguments.knownAxis(x);
    int size = x.node().shape().size(axis).constant();
    if (size % count != 0) {
      throw Problem.of(
          Diagnostic.at(arguments.span(), "shape", "'split' makes parts of one size")
              .label(arguments.span(0), x.shapeText())
              .note(size + " (axis " + axis + ") is no multiple of " + count));
    }
    int length = size / count;
    List<@Nullable String> names = new ArrayList<>(x.axes());
    if (count > 1) {
      names.set(axis, null);
    }
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Node part =
          count == 1
              ? x.node()
              : x.node().builder().add(new Slice(axis, i * length, length), x.node());
      parts.add(new TensorValue(part, names));
    }
    return new Value.Several(parts);
  }

  /** reverse(x over axis): from last to first. */
  private static Value reverse(Arguments arguments) {
    arguments.expect(1, 1, Arguments.AXES);
    TensorValue x = arguments.tensor(0);
    if (arguments.named(Arguments.AXES).isEmpty()) {
      throw Problem.of(
          Diagnostic.at(arguments.span(), "axis", "which axis is to be reversed?")
              .help("reverse(x over -1) is from right to left"));
    }
    int axis = arguments.knownAxis(x);
    return new TensorValue(x.node().builder().add(new Reverse(axis), x.node()), x.axes());
  }

  /** windows(x, size, stride = 1, dilation = 1 over axis): the axis becomes two, windows and the places in each. */
  private static Value windows(Arguments arguments) {
    arguments.expect(2, 4, Arguments.AXES, "stride", "dilation");
    TensorValue x = arguments.tensor(0);
    int size = arguments.whole(arguments.value(1), arguments.span(1), 1);
    int stride = step(arguments, 2, "stride");
    int dilation = step(arguments, 3, "dilation");
    int axis = arguments.knownAxis(x);
    int length = x.node().shape().size(axis).constant();
    long reach = Windows.reach(size, dilation);
    if (reach > length) {
      throw Problem.of(
          Diagnostic.at(
                  arguments.span(),
                  "shape",
                  "a window of " + reach + " places does not fit into " + length)
              .note(
                  (dilation == 1
                          ? ""
                          : size
                              + " places with dilation "
                              + dilation
                              + " reach over "
                              + reach
                              + "; ")
                      + "the axis"
                      + x.axisName(axis).map(name -> " '" + name + "'").orElse("")
                      + " has "
                      + length
                      + ", padding included")
              .help("make the window smaller, or the axis longer: pad = …"));
    }
    requireContent(arguments, x.node(), axis, reach);
    List<@Nullable String> names = new ArrayList<>(x.axes());
    names.set(axis, null);
    names.add(axis + 1, null);
    Node node = x.node().builder().add(new Windows(axis, size, stride, dilation), x.node());
    return new TensorValue(node, names);
  }

  /** A window of nothing but infinite padding has an infinite maximum: no window may lie in it wholly. */
  private static void requireContent(Arguments arguments, Node padded, int axis, long reach) {
    int place = axis;
    for (Node node = padded; ; node = node.input(0)) {
      switch (node.op()) {
        case Pad pad -> {
          if (pad.axis() == place
              && Double.isInfinite(pad.value())
              && Math.max(pad.before(), pad.after()) >= reach) {
            throw Problem.of(
                Diagnostic.at(arguments.span(), "shape", "a window can lie wholly in the padding")
                    .note(
                        "it reaches over "
                            + reach
                            + ", the padding over "
                            + Math.max(pad.before(), pad.after())
                            + " on one side: there is no largest element there")
                    .help("make the padding smaller than the window"));
          }
        }
        case Windows windows -> place -= place > windows.axis() ? 1 : 0;
        default -> {
          return;
        }
      }
    }
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

  /** broadcast(value, (B, 6)), broadcast(value, like): the value repeated to sizes, or to the shape of a tensor or number. */
  private static Value broadcast(Arguments arguments) {
    arguments.expect(2, 2);
    TensorValue value = arguments.tensor(0);
    Value target = arguments.value(1);
    Shapes.Declared wanted =
        target instanceof Value.Several
            ? arguments.shape(1)
            : Shapes.shape(arguments.tensor(1), arguments.span(1));
    if (!Tensors.expands(value.node().shape(), wanted.shape())) {
      throw Problem.of(
          Diagnostic.at(arguments.span(), "shape", "this does not broadcast to the shape wanted")
              .label(arguments.span(0), value.shapeText())
              .label(arguments.span(1), wanted.shape().toString())
              .help(Shapes.BROADCASTING));
    }
    return new TensorValue(Tensors.expand(value.node(), wanted.shape()), wanted.axes());
  }

  /** one_hot(ids, n): a truth value for each of n classes, of which one holds. */
  private static Value oneHot(Arguments arguments) {
    arguments.expect(2, 2, "ignore");
    TensorValue ids = arguments.tensor(0);
    WholeNumbers.require(ids, "classes are named by whole numbers", arguments.span(0));
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
    names.add(arguments.value(1).axisName());
    return new TensorValue(hot, names);
  }

  /** iota(n): 0, 1, … n - 1. */
  private static Value iota(Arguments arguments) {
    arguments.expect(1, 1);
    Size size = Shapes.size(arguments.value(0), arguments.span(0));
    return new TensorValue(
        arguments.tensors().builder().add(new Iota(size)),
        Collections.singletonList(arguments.value(0).axisName()));
  }

  /** size(x over axes): how many elements there are along axes. */
  private static Value size(Arguments arguments) {
    arguments.expect(1, 1, Arguments.AXES);
    TensorValue x = arguments.tensor(0);
    return Scope.ofSize(
        arguments.axes(x).stream().map(x.node().shape()::size).reduce(Size.ONE, Size::times));
  }
}
