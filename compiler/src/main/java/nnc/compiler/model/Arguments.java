package nnc.compiler.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.op.Select;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;

/** The evaluated arguments of a call; {@code over} and {@code where} arrive as {@code axes} and {@code keep}. */
final class Arguments {
  /** An argument and where it stands. */
  record Argument(Value value, Span span) {}

  static final String AXES = "axes";
  static final String KEEP = "keep";

  private final Elaboration elaboration;
  private final String function;
  private final Scope scope;
  private final Span span;
  private final List<Argument> positional;
  private final Map<String, Argument> named;

  Arguments(
      Elaboration elaboration,
      String function,
      Scope scope,
      Span span,
      List<Argument> positional,
      Map<String, Argument> named) {
    this.elaboration = elaboration;
    this.function = function;
    this.scope = scope;
    this.span = span;
    this.positional = List.copyOf(positional);
    this.named = new LinkedHashMap<>(named);
  }

  Elaboration elaboration() {
    return elaboration;
  }

  Tensors tensors() {
    return elaboration.tensors;
  }

  Scope scope() {
    return scope;
  }

  Span span() {
    return span;
  }

  int count() {
    return positional.size();
  }

  List<Argument> positional() {
    return positional;
  }

  Map<String, Argument> named() {
    return named;
  }

  /** Checks how many arguments stand without, and which stand with, a name. */
  Arguments expect(int least, int most, String... names) {
    if (positional.size() < least || positional.size() > most) {
      String count =
          least == most
              ? String.valueOf(least)
              : least == 0 ? "at most " + most : least + " to " + most;
      throw Problem.of(
          Diagnostic.at(
                  span,
                  "call",
                  "'" + function + "' takes " + count + " argument" + (most == 1 ? "" : "s"))
              .note("found " + positional.size()));
    }
    for (Map.Entry<String, Argument> argument : named.entrySet()) {
      if (!List.of(names).contains(argument.getKey())) {
        throw Problem.of(unknown(argument.getKey(), argument.getValue().span(), List.of(names)));
      }
    }
    return this;
  }

  /** An argument of a wrong name; {@code over} and {@code where} are called as they are written. */
  private Diagnostic unknown(String name, Span place, List<String> names) {
    if (name.equals(AXES) || name.equals(KEEP)) {
      return Diagnostic.at(
          place,
          "call",
          "'" + function + "' takes no '" + (name.equals(AXES) ? "over" : "where") + "'");
    }
    Diagnostic unknown =
        Diagnostic.at(place, "call", "'" + function + "' has no argument '" + name + "'");
    List<String> written =
        names.stream().filter(other -> !other.equals(AXES) && !other.equals(KEEP)).toList();
    return written.isEmpty() ? unknown : unknown.help("it has " + String.join(", ", written));
  }

  Value value(int index) {
    return positional.get(index).value();
  }

  Span span(int index) {
    return positional.get(index).span();
  }

  TensorValue tensor(int index) {
    return elaboration.tensors.tensor(value(index), span(index));
  }

  /** An argument as a shape: that of a tensor, or sizes. */
  Shapes.Declared shape(int index) {
    return Shapes.shape(value(index), span(index));
  }

  Optional<Value> named(String name) {
    return Optional.ofNullable(named.get(name)).map(Argument::value);
  }

  Span namedSpan(String name) {
    Argument argument = named.get(name);
    return argument == null ? span : argument.span();
  }

  boolean flag(String name) {
    return named(name)
        .filter(value -> value instanceof Value.Num number && number.value() != 0)
        .isPresent();
  }

  /** A whole number known now. */
  int whole(Value value, Span place, int least) {
    if (value instanceof Value.Num number
        && number.value() == Math.rint(number.value())
        && number.value() >= least
        && number.value() <= Integer.MAX_VALUE) {
      return (int) number.value();
    }
    if (value instanceof Value.Broken) {
      throw Problem.told();
    }
    throw Problem.of(
        Diagnostic.at(place, "type", "a whole number of at least " + least + " was expected here")
            .note("found " + value.described()));
  }

  /** An argument as numbers; where {@code keep} does not hold, a number that changes nothing. */
  TensorValue kept(int index, double neutral) {
    Tensors tensors = tensors();
    TensorValue x = tensors.number(tensor(index));
    if (named(KEEP).isEmpty()
        || named(KEEP).get() instanceof Value.Num known && known.value() != 0) {
      return x;
    }
    TensorValue keep =
        ElementwiseFunctions.truth(tensors, tensors.tensor(named(KEEP).get(), namedSpan(KEEP)));
    TensorValue other = Tensors.scalar(tensors.builder().constant(neutral));
    return tensors.elementwise(
        new Select(), List.of(keep, x, other), span, List.of(namedSpan(KEEP), span(index), span));
  }

  /** The one axis given by {@code over}, or the last. */
  int axis(TensorValue of) {
    int last = of.axes().size() - 1;
    List<Integer> axes = named(AXES).isPresent() ? axes(of) : last < 0 ? List.of() : List.of(last);
    if (axes.size() != 1) {
      throw Problem.of(
          Diagnostic.at(span, "axis", "'" + function + "' acts on one axis")
              .note("the tensor has the shape " + of.shapeText()));
    }
    return axes.getFirst();
  }

  /** The one axis given by {@code over}, or the last; its size must be known before running. */
  int knownAxis(TensorValue of) {
    int axis = axis(of);
    if (!of.node().shape().size(axis).isConstant()) {
      throw Problem.of(
          Diagnostic.at(span, "shape", "'" + function + "' acts on an axis of known size")
              .label(span(0), of.shapeText())
              .note("axis " + axis + " has a size that is known only when the model runs"));
    }
    return axis;
  }

  /** The axes given by {@code over}, or all. */
  List<Integer> axes(TensorValue of) {
    return elaboration.axes.of(of, named(AXES), namedSpan(AXES));
  }
}
