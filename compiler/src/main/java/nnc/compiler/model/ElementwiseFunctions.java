package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.DoubleAlgebra;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.op.Abs;
import nnc.compiler.ir.op.Cos;
import nnc.compiler.ir.op.Erf;
import nnc.compiler.ir.op.Exp;
import nnc.compiler.ir.op.Expm1;
import nnc.compiler.ir.op.Floor;
import nnc.compiler.ir.op.Log;
import nnc.compiler.ir.op.Log1p;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Minimum;
import nnc.compiler.ir.op.Round;
import nnc.compiler.ir.op.Select;
import nnc.compiler.ir.op.Sigmoid;
import nnc.compiler.ir.op.Sign;
import nnc.compiler.ir.op.Sin;
import nnc.compiler.ir.op.Sqrt;
import nnc.compiler.ir.op.StopGradient;
import nnc.compiler.ir.op.Tanh;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Span;

/** The registration lines of the elementwise ops that are called by name. */
final class ElementwiseFunctions {
  private ElementwiseFunctions() {}

  static void register(Map<String, BuiltIns.Entry> entries) {
    unary(entries, new Abs());
    unary(entries, new Cos());
    unary(entries, new Erf());
    unary(entries, new Exp());
    unary(entries, new Expm1());
    unary(entries, new Floor());
    unary(entries, new Log());
    unary(entries, new Log1p());
    unary(entries, new Round());
    unary(entries, new Sigmoid());
    unary(entries, new Sign());
    unary(entries, new Sin());
    unary(entries, new Sqrt());
    unary(entries, new StopGradient());
    unary(entries, new Tanh());
    entries.put("where", ElementwiseFunctions::where);
  }

  private static void unary(Map<String, BuiltIns.Entry> entries, Elementwise op) {
    entries.put(
        op.name(),
        arguments -> {
          arguments.expect(1, 1);
          if (arguments.value(0) instanceof Value.Num number) {
            double result = op.formula(DoubleAlgebra.INSTANCE, List.of(number.value()));
            return new Value.Num(result, result == Math.rint(result));
          }
          TensorValue x = arguments.tensors().number(arguments.tensor(0));
          return arguments
              .tensors()
              .elementwise(op, List.of(x), arguments.span(), List.of(arguments.span(0)));
        });
  }

  /** where(condition, yes, no). */
  private static Value where(Arguments arguments) {
    arguments.expect(3, 3);
    if (arguments.value(0) instanceof Value.Num known) {
      return arguments.value(known.value() != 0 ? 1 : 2);
    }
    Tensors tensors = arguments.tensors();
    TensorValue condition = truth(tensors, arguments.tensor(0));
    return tensors.elementwise(
        new Select(),
        List.of(
            condition, tensors.number(arguments.tensor(1)), tensors.number(arguments.tensor(2))),
        arguments.span(),
        List.of(arguments.span(0), arguments.span(1), arguments.span(2)));
  }

  /** A number as a truth value: whether it is not 0. */
  static TensorValue truth(Tensors tensors, TensorValue value) {
    if (value.node().type().element() == ElementType.BOOL) {
      return value;
    }
    return new TensorValue(
        value.node().compared(Comparison.NOT_EQUAL, value.node().zeros()), value.axes());
  }

  /** The larger, or smaller, of several tensors, place by place. */
  static Value extreme(Arguments arguments, boolean largest) {
    Tensors tensors = arguments.tensors();
    List<Span> places = new ArrayList<>();
    TensorValue result = tensors.number(arguments.tensor(0));
    places.add(arguments.span(0));
    for (int i = 1; i < arguments.count(); i++) {
      result =
          tensors.elementwise(
              largest ? new Maximum() : new Minimum(),
              List.of(result, tensors.number(arguments.tensor(i))),
              arguments.span(),
              List.of(arguments.span(0), arguments.span(i)));
    }
    return result;
  }
}
