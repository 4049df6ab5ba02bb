package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;

/** Finds the axes that {@code over} means: by the names a tensor's axes carry, or by number. */
final class Axes {
  private final Elaboration elaboration;

  Axes(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /** The axes of a tensor, ascending; without a value, or for {@code every}, all of them. */
  List<Integer> of(TensorValue tensor, Optional<Value> over, Span span) {
    int rank = tensor.axes().size();
    if (over.isEmpty()) {
      return Tensors.allAxes(rank);
    }
    List<Integer> found = new ArrayList<>();
    collect(tensor, over.get(), span, found);
    if (found.stream().distinct().count() != found.size()) {
      throw Problem.at(span, "axis", "an axis stands twice here");
    }
    return found.stream().sorted().toList();
  }

  private void collect(TensorValue tensor, Value over, Span span, List<Integer> found) {
    switch (over) {
      case Value.Num number -> found.add(numbered(tensor, number, span));
      case Value.Several several ->
          several.values().forEach(value -> collect(tensor, value, span, found));
      case Value.Axes axes when axes.every() -> found.addAll(Tensors.allAxes(tensor.axes().size()));
      case Value.Axes axes ->
          axes.axes().forEach(axis -> written(tensor, axis, axes.scope(), found));
      case Value.Broken ignored -> throw Problem.told();
      default ->
          throw Problem.of(
              Diagnostic.at(span, "axis", "an axis was expected: a name, a number or a list")
                  .note("found " + over.described()));
    }
  }

  private void written(TensorValue tensor, Ast.Expression axis, Scope scope, List<Integer> found) {
    if (axis instanceof Ast.NameReference name) {
      int first = tensor.axes().indexOf(name.name());
      if (first >= 0) {
        if (tensor.axes().lastIndexOf(name.name()) != first) {
          throw Problem.of(
              Diagnostic.at(
                      name.span(),
                      "axis",
                      "the name '" + name.name() + "' stands twice in " + tensor.shapeText())
                  .help("use the number of the axis, counted from 0, or from -1 at the end"));
        }
        found.add(first);
        return;
      }
      Optional<Value> value = scope.value(name.name());
      if (value.isPresent() && value.get() instanceof Value.Axes
          || scope.dim(name.name()).isEmpty() && value.isPresent()) {
        collect(tensor, value.get(), name.span(), found);
        return;
      }
      throw Problem.of(
          Diagnostic.at(name.span(), "axis", "there is no axis '" + name.name() + "' here")
              .note("the tensor has the shape " + tensor.shapeText())
              .help("axes can be numbered too: over 0, over -1"));
    }
    collect(tensor, elaboration.expressions.value(axis, scope), axis.span(), found);
  }

  static int numbered(TensorValue tensor, Value.Num number, Span span) {
    int rank = tensor.axes().size();
    int axis = (int) number.value();
    if (axis != number.value() || axis < -rank || axis >= rank) {
      throw Problem.of(
          Diagnostic.at(
                  span, "axis", "there is no axis " + nnc.compiler.ir.Constant.text(number.value()))
              .note("the tensor has the shape " + tensor.shapeText())
              .help(
                  rank == 0
                      ? "a number has no axes"
                      : "axes count from 0 to " + (rank - 1) + ", or from -1 at the end"));
    }
    return axis < 0 ? axis + rank : axis;
  }
}
