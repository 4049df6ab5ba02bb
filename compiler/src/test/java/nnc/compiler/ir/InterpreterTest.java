package nnc.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The oracle itself, on examples that can be checked by eye. */
class InterpreterTest {
  /** What an op makes of x = [[1, 2, 3], [4, 5, 6]]. */
  private record Example(String name, Function<Node, Node> build, int[] shape, double... values) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static int[] shape(int... sizes) {
    return sizes;
  }

  static final List<Example> EXAMPLES =
      List.of(
          new Example("x + x", x -> x.plus(x), shape(2, 3), 2, 4, 6, 8, 10, 12),
          new Example("sum over all", x -> x.sum(List.of(0, 1)), shape(), 21),
          new Example("sum over rows", x -> x.sum(List.of(0)), shape(3), 5, 7, 9),
          new Example("sum over columns", x -> x.sum(List.of(1)), shape(2), 6, 15),
          new Example(
              "max over rows", x -> x.builder().add(new Max(List.of(0)), x), shape(3), 4, 5, 6),
          new Example(
              "argmax over columns",
              x -> x.builder().add(new ArgMax(1), x.negated()),
              shape(2),
              0,
              0),
          new Example(
              "rows looked up, one of them twice",
              x -> x.builder().add(new Gather(), x.transposed(), places(x, 2, 0, 2)),
              shape(3, 2),
              3,
              6,
              1,
              4,
              3,
              6),
          new Example(
              "rows added to, one of them twice, one never",
              x -> x.builder().add(new ScatterAdd(Size.of(3)), places(x, 2, 0, 2), x.transposed()),
              shape(3, 2),
              2,
              5,
              0,
              0,
              4,
              10),
          new Example("transposed", Node::transposed, shape(3, 2), 1, 4, 2, 5, 3, 6),
          new Example("reshape", x -> x.reshape(Shape.of(3, 2)), shape(3, 2), 1, 2, 3, 4, 5, 6),
          new Example(
              "broadcast",
              x -> x.sum(List.of(1)).broadcast(Shape.of(2, 2), List.of(0)),
              shape(2, 2),
              6,
              6,
              15,
              15),
          new Example(
              "slice", x -> x.builder().add(new Slice(1, 1, 2), x), shape(2, 2), 2, 3, 5, 6),
          new Example(
              "windows of two",
              x -> x.builder().add(new Windows(1, 2, 1, 1), x),
              shape(2, 2, 2),
              1,
              2,
              2,
              3,
              4,
              5,
              5,
              6),
          new Example(
              "windows added up where they overlap",
              x ->
                  x.builder()
                      .add(new OverlapAdd(1, 3, 1, 1), x.builder().add(new Windows(1, 2, 1, 1), x)),
              shape(2, 3),
              1,
              4,
              3,
              4,
              10,
              6),
          new Example(
              "argmax over both axes",
              x -> x.builder().add(new ArgMax(List.of(0, 1)), x),
              shape(),
              5),
          new Example(
              "pad",
              x -> x.builder().add(new Pad(0, 1, 0), x),
              shape(3, 3),
              0,
              0,
              0,
              1,
              2,
              3,
              4,
              5,
              6),
          new Example(
              "concat",
              x -> x.builder().add(new Concat(1), x, x.sum(List.of(1)).reshape(Shape.of(2, 1))),
              shape(2, 4),
              1,
              2,
              3,
              6,
              4,
              5,
              6,
              15),
          new Example(
              "reverse", x -> x.builder().add(new Reverse(1), x), shape(2, 3), 3, 2, 1, 6, 5, 4),
          new Example("x @ x.T", x -> product(x, x, "ik,jk->ij"), shape(2, 2), 14, 32, 32, 77),
          new Example(
              "x.T @ x",
              x -> product(x, x, "ki,kj->ij"),
              shape(3, 3),
              17,
              22,
              27,
              22,
              29,
              36,
              27,
              36,
              45),
          new Example(
              "rows of x with themselves", x -> product(x, x, "ik,ik->i"), shape(2), 14, 77),
          new Example(
              "outer",
              x -> product(x.sum(List.of(1)), x.sum(List.of(0)), "i,j->ij"),
              shape(2, 3),
              30,
              42,
              54,
              75,
              105,
              135),
          new Example(
              "a label of one operand alone is summed",
              x -> product(x, x.sum(List.of(1)), "ik,i->i"),
              shape(2),
              36,
              225),
          new Example("iota", x -> x.builder().add(new Iota(Size.of(4))), shape(4), 0, 1, 2, 3));

  /** Ids to look rows up with. */
  private static Node places(Node x, int... ids) {
    return x.builder()
        .add(
            new Concat(0),
            Arrays.stream(ids)
                .mapToObj(id -> x.builder().constant(id).reshape(Shape.of(1)))
                .toList());
  }

  private static Node product(Node a, Node b, String labels) {
    String[] sides = labels.split("->");
    String[] operands = sides[0].split(",");
    return a.builder()
        .product(a, b, new Product(numbers(operands[0]), numbers(operands[1]), numbers(sides[1])));
  }

  private static List<Integer> numbers(String labels) {
    return labels.chars().mapToObj(label -> label - 'a').toList();
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void computes(Example example) {
    Node x =
        new GraphBuilder().add(new Variable(Variable.Kind.INPUT, "x", Type.f32(Shape.of(2, 3))));
    Tensor value = new Tensor(shape(2, 3), new double[] {1, 2, 3, 4, 5, 6});
    Tensor result = run(example.build().apply(x), Map.of("x", value));
    assertThat(result.shape()).containsExactly(example.shape());
    assertThat(result.values()).containsExactly(example.values());
  }

  private static Tensor run(Node node, Map<String, Tensor> values) {
    return Known.in(
        new Interpreter(Map.of(), values).run(Graph.of(Map.of("value", node))), "value");
  }

  @Test
  void theLargestOfNumbersWithNaNIsNaNAndThereIsItsPlace() {
    Node x = new GraphBuilder().add(new Variable(Variable.Kind.INPUT, "x", Type.f32(Shape.of(3))));
    Map<String, Tensor> values = Map.of("x", new Tensor(shape(3), new double[] {1, Double.NaN, 7}));
    assertThat(run(x.builder().add(new Max(List.of(0)), x), values).scalar()).isNaN();
    assertThat(run(x.builder().add(new ArgMax(0), x), values).scalar()).isEqualTo(1);
  }

  @Test
  void sizesOfTheBatchAreThoseThatAreGiven() {
    Dim batch = new Dim("B", 64);
    GraphBuilder builder = new GraphBuilder();
    Node x =
        builder.add(
            new Variable(Variable.Kind.INPUT, "x", Type.f32(new Shape(List.of(Size.of(batch))))));
    Node mean = x.sum(List.of(0)).over(builder.add(new Extent(Size.of(batch))));
    Map<String, Tensor> values = Map.of("x", new Tensor(shape(3), new double[] {1, 2, 6}));
    assertThat(
            Known.in(
                    new Interpreter(Map.of(batch, 3), values).run(Graph.of(Map.of("mean", mean))),
                    "mean")
                .scalar())
        .isEqualTo(3);
  }

  @Test
  void randomNumbersComeFromTheSourceByTheirPath() {
    Node drawn = new GraphBuilder().add(new Uniform("dropout1", Shape.of(2)));
    Interpreter interpreter =
        new Interpreter(Map.of(), Map.of(), (path, values) -> values[1] = path.length());
    assertThat(Known.in(interpreter.run(Graph.of(Map.of("u", drawn))), "u").values())
        .containsExactly(0, 8);
    assertThatThrownBy(() -> run(drawn, Map.of()))
        .hasMessageContaining("draws random numbers at dropout1");
  }

  @Test
  void aVariableWithoutAValueIsNamed() {
    Node x =
        new GraphBuilder()
            .add(new Variable(Variable.Kind.PARAMETER, "dense1.W", Type.f32(Shape.of(3))));
    assertThatThrownBy(() -> run(x, Map.of()))
        .hasMessage("interpreter: no value given for parameter dense1.W");
  }
}
