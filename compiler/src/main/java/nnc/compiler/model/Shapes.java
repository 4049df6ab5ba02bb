package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Nearest;
import org.jspecify.annotations.Nullable;

/** Declared shapes: their sizes are computed, and the dims that an argument brings are bound. */
final class Shapes {
  static final String BROADCASTING =
      "sizes must be equal, or one of them 1; shapes are aligned at their last axes";

  private final Elaboration elaboration;

  Shapes(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /** A shape in which every size is known, with the names of its axes. */
  record Declared(Shape shape, List<@Nullable String> axes) {}

  Declared declared(Ast.TypeExpression type, Scope scope) {
    List<Size> sizes = new ArrayList<>();
    List<@Nullable String> names = new ArrayList<>();
    for (Ast.AxisExpression axis : type.axes()) {
      switch (axis) {
        case Ast.SizeAxis sized -> {
          sizes.add(size(sized.size(), scope));
          names.add(sized.size() instanceof Ast.NameReference name ? name.name() : null);
        }
        case Ast.LeadingAxes leading ->
            throw Problem.of(
                Diagnostic.at(leading.span(), "shape", "'...' has no meaning here")
                    .note("all sizes of what is declared here must be known")
                    .help("'...' stands in the shapes of a layer's arguments"));
      }
    }
    return new Declared(new Shape(sizes), names);
  }

  /** The shape of a tensor, or the one that a size or several are: (B, 2, 3); dims name its axes. */
  static Declared shape(Value value, Span span) {
    if (value instanceof TensorValue like) {
      return new Declared(like.node().shape(), like.axes());
    }
    List<Value> sizes = value instanceof Value.Several several ? several.values() : List.of(value);
    List<@Nullable String> names = new ArrayList<>();
    sizes.forEach(size -> names.add(size.axisName()));
    return new Declared(new Shape(sizes.stream().map(size -> size(size, span)).toList()), names);
  }

  /** The element type that is written, or f32. */
  static ElementType element(Ast.TypeExpression type) {
    if (type.element().isEmpty()) {
      return ElementType.F32;
    }
    Ast.Name name = type.element().get();
    return switch (name.text()) {
      case "f32" -> ElementType.F32;
      case "i32" -> ElementType.I32;
      case "bool" -> ElementType.BOOL;
      default ->
          throw Problem.of(
              Diagnostic.at(name.span(), "type", "'" + name.text() + "' is not a type of elements")
                  .help("there are f32, i32 and bool"));
    };
  }

  /** An expression as the size of an axis. */
  Size size(Ast.Expression expression, Scope scope) {
    if (expression instanceof Ast.NameReference name) {
      Optional<Size> dim = scope.dim(name.name());
      if (dim.isPresent()) {
        return dim.get();
      }
      if (scope.value(name.name()).isEmpty()) {
        throw Problem.of(unknownDim(new Ast.Name(name.name(), name.span()), scope));
      }
    }
    Value value = elaboration.expressions.value(expression, scope);
    if (value instanceof Value.Num quotient
        && quotient.value() != Math.rint(quotient.value())
        && expression instanceof Ast.Binary binary
        && binary.operator().equals("/")
        && elaboration.expressions.value(binary.left(), scope) instanceof Value.Num whole
        && elaboration.expressions.value(binary.right(), scope) instanceof Value.Num parts) {
      throw Problem.of(
          Diagnostic.at(
                  expression.span(),
                  "size",
                  Constant.text(whole.value())
                      + " cannot be divided into "
                      + Constant.text(parts.value())
                      + " equal parts")
              .note("'" + expression.span().text() + "' is a size: it must come out whole")
              .help("choose a divisor of " + Constant.text(whole.value())));
    }
    return size(value, expression.span());
  }

  static Diagnostic unknownDim(Ast.Name name, Scope scope) {
    return unknownDim(name, scope, "declare it: dim " + name + " = 64");
  }

  static Diagnostic unknownDim(Ast.Name name, Scope scope, String remedy) {
    Diagnostic unknown =
        Diagnostic.at(name.span(), "dim", "the dim '" + name + "' is not known here");
    return unknown.help(
        Nearest.to(name.text(), scope.visible())
            .map(near -> "did you mean '" + near + "'?")
            .orElse(remedy));
  }

  /** A value as the size of an axis: a whole number of at least 1. */
  static Size size(Value value, Span span) {
    return switch (value) {
      case Value.Num number
          when number.value() >= 1 && number.value() == Math.rint(number.value()) -> {
        if (number.value() > Integer.MAX_VALUE) {
          throw Problem.at(
              span,
              "size",
              "a size of " + Constant.text(number.value()) + " is larger than any array can be");
        }
        yield Size.of((long) number.value());
      }
      case Value.Num number ->
          throw Problem.of(
              Diagnostic.at(span, "size", "a size is a whole number of at least 1")
                  .note("found " + Constant.text(number.value()))
                  .help(nearest(number.value())));
      case Value.RunTimeSize size -> size.size();
      case Value.Broken ignored -> throw Problem.told();
      default ->
          throw Problem.of(
              Diagnostic.at(span, "size", "a size was expected here")
                  .note("found " + value.described())
                  .help("a size is a whole number, a dim or a formula of them"));
    };
  }

  private static String nearest(double number) {
    if (!(number > 1)) {
      return "write 1 or more";
    }
    return "write " + Constant.text(Math.floor(number)) + " or " + Constant.text(Math.ceil(number));
  }

  /**
   * Gives an argument the axis names that a layer declares, and binds the dims it brings.
   *
   * @param renamed receives, for each name inside the layer, what the caller calls that axis
   */
  TensorValue bind(
      Ast.Parameter parameter,
      TensorValue argument,
      Span span,
      Scope scope,
      Map<String, @Nullable String> renamed) {
    if (parameter.type().isEmpty()) {
      return argument;
    }
    Ast.TypeExpression type = parameter.type().get();
    List<Ast.AxisExpression> axes = type.axes();
    boolean leading = !axes.isEmpty() && axes.getFirst() instanceof Ast.LeadingAxes;
    boolean trailing = !leading && !axes.isEmpty() && axes.getLast() instanceof Ast.LeadingAxes;
    boolean open = leading || trailing;
    int declared = axes.size() - (open ? 1 : 0);
    int rank = argument.axes().size();
    if (open ? rank < declared : rank != declared) {
      throw Problem.of(
          mismatch(parameter, argument, span)
              .note((open ? "at least " : "") + declared + " axes were expected, found " + rank));
    }
    List<@Nullable String> names = new ArrayList<>();
    if (leading) {
      hide(argument, 0, rank - declared, names, renamed);
    }
    for (int i = 0; i < declared; i++) {
      int axis = leading ? rank - declared + i : i;
      Size actual = argument.node().shape().size(axis);
      Ast.AxisExpression written = axes.get(i + (leading ? 1 : 0));
      if (!(written instanceof Ast.SizeAxis sized)) {
        throw Problem.at(
            written.span(), "shape", "'...' stands before or after all other axes, once");
      }
      if (sized.size() instanceof Ast.NameReference name
          && scope.dim(name.name()).isEmpty()
          && scope.value(name.name()).isEmpty()) {
        scope.bindDim(name.name(), actual);
      } else {
        Size expected = size(sized.size(), scope);
        if (!expected.equals(actual)) {
          throw Problem.of(
              mismatch(parameter, argument, span)
                  .note(
                      actual
                          + " (axis "
                          + axis
                          + " of the argument) is not "
                          + expected
                          + " ('"
                          + sized.size().span().text()
                          + "')"));
        }
      }
      String name = sized.size() instanceof Ast.NameReference reference ? reference.name() : null;
      names.add(name);
      if (name != null) {
        renamed.putIfAbsent(name, argument.axes().get(axis));
      }
    }
    if (trailing) {
      hide(argument, declared, rank, names, renamed);
    }
    return new TensorValue(elements(parameter, argument, span).node(), names);
  }

  /** An argument as elements of the type that is declared: any if none is; a number can be a truth value. */
  private TensorValue elements(Ast.Parameter parameter, TensorValue argument, Span span) {
    Ast.TypeExpression type = parameter.type().orElseThrow();
    ElementType found = argument.node().type().element();
    ElementType wanted = type.element().isPresent() ? element(type) : found;
    boolean fits =
        switch (wanted) {
          case BOOL -> true;
          case I32 -> found != ElementType.BOOL && WholeNumbers.are(argument.node());
          case F32 -> found == ElementType.F32;
        };
    if (!fits) {
      throw Problem.of(
          misfit("type", parameter, argument.described(), span)
              .note(wanted.text() + " was expected, found " + found.text())
              .help(remedy(wanted, found, span.text().strip())));
    }
    return wanted == ElementType.BOOL
        ? ElementwiseFunctions.truth(elaboration.tensors, argument)
        : argument;
  }

  private static String remedy(ElementType wanted, ElementType found, String argument) {
    if (found == ElementType.BOOL) {
      return "where(" + argument + ", 1, 0) makes numbers of truth values";
    }
    return wanted == ElementType.I32
        ? "declare what is fed as i32, or round it: floor(" + argument + ")"
        : "ids have vectors: Embedding(n, units)("
            + argument
            + "); as plain numbers: 1.0 * "
            + argument;
  }

  /** Axes that a layer does not name keep the caller's names until it returns. */
  private static void hide(
      TensorValue argument,
      int from,
      int to,
      List<@Nullable String> names,
      Map<String, @Nullable String> renamed) {
    for (int axis = from; axis < to; axis++) {
      String hidden = "..." + axis;
      names.add(hidden);
      renamed.put(hidden, argument.axes().get(axis));
    }
  }

  /** What an argument with a default gets, broadcast to the shape declared for it; all dims are bound by then. */
  TensorValue defaulted(Ast.Parameter parameter, TensorValue value, Span span, Scope scope) {
    Declared declared = declared(parameter.type().orElseThrow(), scope);
    if (!Tensors.expands(value.node().shape(), declared.shape())) {
      throw Problem.of(
          mismatch(parameter, value, span)
              .note("it is " + declared.shape() + " here, or what broadcasts to that"));
    }
    Node node = elements(parameter, value, span).node();
    return new TensorValue(Tensors.expand(node, declared.shape()), declared.axes());
  }

  private static Diagnostic mismatch(Ast.Parameter parameter, TensorValue argument, Span span) {
    return misfit("shape", parameter, argument.shapeText(), span);
  }

  private static Diagnostic misfit(String id, Ast.Parameter parameter, String found, Span span) {
    return Diagnostic.at(span, id, "this does not fit the argument '" + parameter.name() + "'")
        .label(span, found)
        .note("'" + parameter.span().text() + "' is declared at " + parameter.span().place());
  }
}
