package nnc.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.op.Abs;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.Compare;
import nnc.compiler.ir.op.Cos;
import nnc.compiler.ir.op.Divide;
import nnc.compiler.ir.op.Erf;
import nnc.compiler.ir.op.Exp;
import nnc.compiler.ir.op.Expm1;
import nnc.compiler.ir.op.Floor;
import nnc.compiler.ir.op.Log;
import nnc.compiler.ir.op.Log1p;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Minimum;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Negate;
import nnc.compiler.ir.op.Not;
import nnc.compiler.ir.op.Number;
import nnc.compiler.ir.op.Or;
import nnc.compiler.ir.op.Power;
import nnc.compiler.ir.op.Round;
import nnc.compiler.ir.op.Select;
import nnc.compiler.ir.op.Sigmoid;
import nnc.compiler.ir.op.Sign;
import nnc.compiler.ir.op.Sin;
import nnc.compiler.ir.op.Sqrt;
import nnc.compiler.ir.op.StopGradient;
import nnc.compiler.ir.op.Subtract;
import nnc.compiler.ir.op.Tanh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What each formula computes, read as double arithmetic. */
class ElementwiseTest {
  private static final double[] SAMPLES = {
    -700, -3.5, -2.5, -1, -0.5, -1e-9, -0.0, 0, 1e-9, 0.3, 1, 1.5, 2, 2.5, 30, 700, Double.NaN
  };

  private record Unary(Elementwise op, DoubleUnaryOperator expected) {
    @Override
    public String toString() {
      return op.name();
    }
  }

  static final List<Unary> OF_ONE =
      List.of(
          new Unary(new Abs(), Math::abs),
          new Unary(new Cos(), Math::cos),
          new Unary(new Exp(), Math::exp),
          new Unary(new Expm1(), Math::expm1),
          new Unary(new Floor(), Math::floor),
          new Unary(new Log(), Math::log),
          new Unary(new Log1p(), Math::log1p),
          new Unary(new Negate(), x -> -x),
          new Unary(new Round(), Math::rint),
          new Unary(new Sigmoid(), x -> 1 / (1 + Math.exp(-x))),
          new Unary(new Sign(), Math::signum),
          new Unary(new Sin(), Math::sin),
          new Unary(new Sqrt(), Math::sqrt),
          new Unary(new StopGradient(), x -> x),
          new Unary(new Tanh(), Math::tanh),
          new Unary(new Not(), x -> x == 0 ? 1 : 0),
          new Unary(new Number(), x -> x));

  @ParameterizedTest
  @FieldSource("OF_ONE")
  void computesAFunctionOfOneNumber(Unary unary) {
    for (double x : SAMPLES) {
      assertThat(unary.op().formula(DoubleAlgebra.INSTANCE, List.of(x)))
          .as("%s(%s)", unary, x)
          .satisfies(value -> assertClose(value, unary.expected().applyAsDouble(x)));
    }
  }

  private record Binary(Elementwise op, DoubleBinaryOperator expected) {
    @Override
    public String toString() {
      return op.name();
    }
  }

  static final List<Binary> OF_TWO =
      List.of(
          new Binary(new Add(), (x, y) -> x + y),
          new Binary(new Subtract(), (x, y) -> x - y),
          new Binary(new Multiply(), (x, y) -> x * y),
          new Binary(new Divide(), (x, y) -> x / y),
          new Binary(new Power(), Math::pow),
          new Binary(new Maximum(), Math::max),
          new Binary(new Minimum(), Math::min),
          new Binary(new Compare(Comparison.EQUAL), (x, y) -> x == y ? 1 : 0),
          new Binary(new Compare(Comparison.NOT_EQUAL), (x, y) -> x != y ? 1 : 0),
          new Binary(new Compare(Comparison.LESS), (x, y) -> x < y ? 1 : 0),
          new Binary(new Compare(Comparison.LESS_OR_EQUAL), (x, y) -> x <= y ? 1 : 0),
          new Binary(new And(), (x, y) -> x != 0 && y != 0 ? 1 : 0),
          new Binary(new Or(), (x, y) -> x != 0 || y != 0 ? 1 : 0));

  @ParameterizedTest
  @FieldSource("OF_TWO")
  void computesAFunctionOfTwoNumbers(Binary binary) {
    for (double x : SAMPLES) {
      for (double y : SAMPLES) {
        assertThat(binary.op().formula(DoubleAlgebra.INSTANCE, List.of(x, y)))
            .as("%s(%s, %s)", binary, x, y)
            .satisfies(value -> assertClose(value, binary.expected().applyAsDouble(x, y)));
      }
    }
  }

  /** Loops over vectors call functions for whole rows, so a formula is one, or holds none. */
  @Test
  void onlyAnOpThatIsAFunctionCallsOne() {
    DoubleAlgebra withoutFunctions =
        new DoubleAlgebra() {
          @Override
          public Double call(MathFunction function, List<Double> arguments) {
            throw new AssertionError("calls " + function.name());
          }
        };
    List<Elementwise> ops = new ArrayList<>(List.of(new Select()));
    OF_ONE.forEach(unary -> ops.add(unary.op()));
    OF_TWO.forEach(binary -> ops.add(binary.op()));
    assertThat(ops)
        .filteredOn(op -> !(op instanceof MathOp))
        .allSatisfy(op -> op.formula(withoutFunctions, Collections.nCopies(op.arity(), 0.5)));
  }

  private static void assertClose(double value, double expected) {
    if (!Double.isFinite(expected)) {
      assertThat(Double.compare(value, expected)).isZero();
    } else {
      assertThat(Math.abs(value - expected)).isLessThanOrEqualTo(1e-15 * Math.abs(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({ // Abramowitz and Stegun, table 7.1, and erf(6) = 1 - 2.2e-17
    "0, 0", "0.1, 0.1124629160182849", "0.5, 0.5204998778130465", "1, 0.8427007929497149",
        "2, 0.9953222650189527",
    "2.5, 0.9995930479825550", "3, 0.9999779095030014", "6, 1", "-1, -0.8427007929497149",
        "-40, -1",
  })
  void theErrorFunctionHasItsKnownValues(double x, double expected) {
    assertThat(new Erf().formula(DoubleAlgebra.INSTANCE, List.of(x)))
        .isCloseTo(expected, within(1e-15));
  }

  @Test
  void aTruthChoosesAndTheOtherValueDoesNotMatter() {
    assertThat(new Select().formula(DoubleAlgebra.INSTANCE, List.of(1.0, 2.0, Double.NaN)))
        .isEqualTo(2);
    assertThat(new Select().formula(DoubleAlgebra.INSTANCE, List.of(0.0, Double.NaN, 3.0)))
        .isEqualTo(3);
  }

  @Test
  void inputsOfTwoShapesAreADefect() {
    List<Type> inputs = List.of(Type.f32(Shape.of(2)), Type.f32(Shape.of(1)));
    assertThatThrownBy(() -> new Add().infer(inputs))
        .hasMessage("op: add: inputs of one shape, not [f32[2], f32[1]]");
  }

  @Test
  void aMissingInputIsADefect() {
    assertThatThrownBy(() -> new Add().infer(List.of(Type.f32(Shape.SCALAR))))
        .hasMessage("op: add has 2 inputs, was given 1");
  }
}
