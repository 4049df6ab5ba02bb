package nnc.compiler.grad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Uniform;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.Abs;
import nnc.compiler.ir.op.Exp;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Minimum;
import nnc.compiler.ir.op.Power;
import nnc.compiler.ir.op.StopGradient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The reverse sweep itself, and what it answers where a derivative does not exist. */
class GradientsTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Node x = variable("x", 3);
  private final Node y = variable("y", 3);

  private Node variable(String name, int... sizes) {
    return builder.add(
        new Variable(Variable.Kind.INPUT, name, new Type(ElementType.F32, Shape.of(sizes))));
  }

  private static Node total(Node node) {
    return node.sum(List.of(0));
  }

  private double[] gradient(Node scalar, Node target, double[] xs, double[] ys) {
    Graph graph = Graph.of(Map.of("g", new Gradients().of(scalar, List.of(target)).get(target)));
    Map<String, Tensor> values =
        Map.of(
            "x", new Tensor(new int[] {xs.length}, xs), "y", new Tensor(new int[] {ys.length}, ys));
    return Known.in(new Interpreter(Map.of(), values).run(graph), "g").values();
  }

  private double[] gradient(Node scalar, Node target, double... xs) {
    return gradient(scalar, target, xs, xs);
  }

  @Test
  void aValueThatIsUsedTwiceReceivesBothShares() {
    assertThat(gradient(total(x.times(x).plus(x)), x, 1, 2, 3)).containsExactly(3, 5, 7);
  }

  @Test
  void theGradientByAValueInBetweenIsItsUpstreamGradient() {
    Node hidden = x.times(3);
    assertThat(gradient(total(hidden.times(hidden)), hidden, 1, 2, 3)).containsExactly(6, 12, 18);
  }

  @Test
  void theGradientByTheScalarItselfIsOne() {
    Node scalar = total(x);
    assertThat(Known.in(new Gradients().of(scalar, List.of(scalar)), scalar).isConstant(1))
        .isTrue();
  }

  @Test
  void whatTheScalarDoesNotDependOnHasNoEntry() {
    assertThat(new Gradients().of(total(x), List.of(x, y))).containsOnlyKeys(x);
  }

  @Test
  void whatIsReachedOnlyThroughAFlatOpHasNoEntry() {
    Node place = builder.add(new ArgMax(0), x);
    assertThat(new Gradients().of(total(y).plus(place.number()), List.of(x, y)))
        .containsOnlyKeys(y);
  }

  @Test
  void nothingFlowsThroughAStoppedGradient() {
    assertThat(gradient(total(x.times(x.apply(new StopGradient()))), x, 1, 2, 3))
        .containsExactly(1, 2, 3);
  }

  @Test
  void gradientsComeInTheOrderOfTheTargets() {
    assertThat(new Gradients().of(total(x.times(y)), List.of(y, x)).keySet()).containsExactly(y, x);
  }

  @Test
  void aRandomNodeKeepsItsNumbersInTheGradient() {
    Node mask = builder.add(new Uniform("dropout", x.shape()));
    Node gradient = new Gradients().of(total(x.times(mask)), List.of(x)).get(x);
    assertThat(
            Graph.needed(List.of(gradient)).stream().filter(node -> node.op() instanceof Uniform))
        .containsExactly(mask);
  }

  @Test
  void aGradientNodeSaysWhoseGradientItIs() {
    Node exp = builder.label(x.apply(new Exp()), "h");
    Node gradient = Known.in(new Gradients().of(total(exp.times(y)), List.of(x)), x);
    assertThat(gradient.gradientOf()).contains(exp);
    assertThat(gradient.label()).isEmpty(); // x has no name of its own here
    assertThat(gradient.shownName()).isEqualTo("delta_h");
  }

  @Test
  void onlyScalarsAreDifferentiated() {
    assertThatThrownBy(() -> new Gradients().of(x, List.of(x)))
        .hasMessageContaining("of a scalar, not of f32[3]");
  }

  @Test
  void aRuleThatGivesAnotherShapeIsADefectThatIsNamed() {
    Gradients careless = new Gradients((_, upstream) -> List.of(upstream));
    assertThatThrownBy(() -> careless.of(total(x), List.of(x)))
        .hasMessage("gradient rule of sum over [0]: input 0 has shape [3], receives []");
  }

  @Test
  void aRuleThatForgetsAnInputIsADefectThatIsNamed() {
    Gradients forgetful = new Gradients((_, _) -> List.of());
    assertThatThrownBy(() -> forgetful.of(total(x), List.of(x)))
        .hasMessage("gradient rule of sum over [0]: one entry an input");
  }

  /** A function of one number where its derivative jumps, or where computing it carelessly would be infinite. */
  private record Kink(String name, UnaryOperator<Node> function, double at, double slope) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Kink> KINKS =
      List.of(
          new Kink("relu(0)", x -> x.builder().add(new Maximum(), x.zeros(), x), 0, 0),
          new Kink(
              "max(x, 0) at 0: the first wins",
              x -> x.builder().add(new Maximum(), x, x.zeros()),
              0,
              1),
          new Kink(
              "min(x, 0) at 0: the first wins",
              x -> x.builder().add(new Minimum(), x, x.zeros()),
              0,
              1),
          new Kink("min(0, x) at 0", x -> x.builder().add(new Minimum(), x.zeros(), x), 0, 0),
          new Kink("max(x, x): once, not twice", x -> x.builder().add(new Maximum(), x, x), 2, 1),
          new Kink("abs(0)", x -> x.apply(new Abs()), 0, 0),
          new Kink("x^2 at 0", x -> x.builder().add(new Power(), x, x.constant(2)), 0, 0),
          new Kink(
              "2^x where x is the exponent",
              x -> x.builder().add(new Power(), x.constant(2), x),
              3,
              8 * Math.log(2)),
          new Kink(
              "0^x: the limit, not 0 * infinity",
              x -> x.builder().add(new Power(), x.zeros(), x),
              2,
              0));

  @ParameterizedTest
  @FieldSource("KINKS")
  void atAKinkASlopeIsChosen(Kink kink) {
    double[] at = new double[3];
    Arrays.fill(at, kink.at());
    assertThat(gradient(total(kink.function().apply(x)), x, at)).containsOnly(kink.slope());
  }

  @Test
  void ofSeveralLargestElementsTheFirstReceivesAll() {
    assertThat(gradient(builder.add(new Max(List.of(0)), x), x, 1, 5, 5)).containsExactly(0, 1, 0);
  }

  @Test
  void overTwoAxesTheFirstInRowMajorOrderReceivesAll() {
    Node square =
        x.broadcast(Shape.of(2, 3), List.of(1))
            .plus(builder.add(new Variable(Variable.Kind.INPUT, "z", Type.f32(Shape.of(2, 3)))));
    Node largest = builder.add(new Max(List.of(0, 1)), square);
    Node gradient = new Gradients().of(largest, List.of(square)).get(square);
    Map<String, Tensor> values =
        Map.of(
            "x",
            Tensor.zeros(3),
            "z",
            new Tensor(new int[] {2, 3}, new double[] {1, 2, 7, 7, 0, 7}));
    assertThat(
            Known.in(new Interpreter(Map.of(), values).run(Graph.of(Map.of("g", gradient))), "g")
                .values())
        .containsExactly(0, 0, 1, 0, 0, 0);
  }
}
