package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.ir.Shape;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Initialiser;

/** Reads what stands behind {@code ~}; without it matrices start as glorot_uniform, everything smaller as zeros. */
final class Initialisers {
  private Initialisers() {}

  static Initialiser of(
      Ast.ParamStatement param, Shape shape, Elaboration elaboration, Scope scope) {
    if (param.initialiser().isEmpty()) {
      return Initialiser.of(shape.rank() < 2 ? "zeros" : "glorot_uniform");
    }
    Ast.Expression written = param.initialiser().get();
    return switch (written) {
      case Ast.NameReference name when scope.value(name.name()).isEmpty() ->
          named(name.name(), new double[0], name.span());
      case Ast.Call call
          when call.callee() instanceof Ast.NameReference name
              && scope.value(name.name()).isEmpty() ->
          named(name.name(), arguments(call, elaboration, scope), call.span());
      default -> {
        if (elaboration.expressions.value(written, scope) instanceof Value.Num number) {
          yield Initialiser.of("constant", number.value());
        }
        throw Problem.of(
            Diagnostic.at(
                    written.span(), "initialiser", "an initialiser or a number was expected here")
                .help("for example: ~ glorot_uniform, ~ normal(0, 0.02), ~ 0.5"));
      }
    };
  }

  private static double[] arguments(Ast.Call call, Elaboration elaboration, Scope scope) {
    List<Double> values = new ArrayList<>();
    for (Ast.Argument argument : call.arguments()) {
      if (argument.keyword().isEmpty()
          && elaboration.expressions.value(argument.value(), scope) instanceof Value.Num number) {
        values.add(number.value());
      } else {
        throw Problem.at(
            argument.span(), "initialiser", "the arguments of an initialiser are numbers");
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Initialiser named(String name, double[] arguments, Span span) {
    try {
      return Initialiser.of(name, arguments);
    } catch (IllegalArgumentException unknown) {
      throw Problem.at(span, "initialiser", String.valueOf(unknown.getMessage()));
    }
  }
}
