package nnc.compiler.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.OverlapAdd;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Reverse;
import nnc.compiler.ir.ScatterAdd;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.Windows;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.Exp;
import nnc.compiler.ir.op.Or;
import nnc.compiler.ir.op.StopGradient;
import nnc.compiler.ir.op.Tanh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What single passes make of small expressions, and what they must leave alone. */
class RewritesTest {
  private static final Dim B = new Dim("B", 64);
  private static final Size ROWS = Size.of(B);

  /** Some variables to write expressions with. */
  private static final class Given {
    final GraphBuilder builder = new GraphBuilder();
    final Node x = variable("x", Shape.of(2, 3));
    final Node y = variable("y", Shape.of(2, 3));
    final Node w = variable("w", Shape.of(3, 4));
    final Node b = variable("b", Shape.of(3));
    final Node one = variable("one", Shape.of(5, 1));
    final Node single = variable("single", Shape.of(5, 1));
    final Node cube = variable("cube", Shape.of(3, 3, 3));
    final Node batch = variable("batch", new Shape(List.of(ROWS, Size.of(3))));
    final Node small = x.compared(Comparison.LESS, y);

    private Node variable(String name, Shape shape) {
      return builder.add(new Variable(Variable.Kind.INPUT, name, Type.f32(shape)));
    }

    Node constant(double value) {
      return x.constant(value);
    }

    /** The rows of a matrix at the first of four. */
    Node scattered(Node rows) {
      return builder.add(new ScatterAdd(Size.of(4)), builder.add(new Iota(Size.of(2))), rows);
    }

    /** Zeros before and behind the columns. */
    Node padded(Node matrix, int before, int after) {
      return builder.add(new Pad(1, before, after), matrix);
    }

    Node truth(boolean value) {
      return builder
          .add(new Constant(value ? 1 : 0, ElementType.BOOL))
          .broadcast(x.shape(), List.of());
    }

    Node product(Node left, Node right, String labels) {
      String[] sides = labels.split("->|,");
      return builder.product(
          left, right, new Product(numbers(sides[0]), numbers(sides[1]), numbers(sides[2])));
    }

    private static List<Integer> numbers(String labels) {
      return labels.chars().mapToObj(label -> label - 'a').toList();
    }
  }

  private record Rewrite(
      String pass, String before, Function<Given, Node> expression, String after) {
    @Override
    public String toString() {
      return pass + ": " + before;
    }
  }

  static final List<Rewrite> REWRITES =
      List.of(
          new Rewrite("cut-marks", "stop_gradient(x)", g -> g.x.apply(new StopGradient()), "x"),
          // products of the same factors
          new Rewrite(
              "simplify",
              "x y + y x",
              g -> g.x.times(g.y).plus(g.y.times(g.x)),
              "multiply(2, multiply(x, y))"),
          new Rewrite(
              "simplify",
              "(x x) y + x (y x) + 2 (y x) x",
              g ->
                  g.x
                      .times(g.x)
                      .times(g.y)
                      .plus(g.x.times(g.y.times(g.x)))
                      .plus(g.constant(2).times(g.y.times(g.x).times(g.x))),
              "multiply(4, multiply(multiply(x, x), y))"),
          new Rewrite(
              "simplify",
              "3 (x y) - y x",
              g -> g.constant(3).times(g.x.times(g.y)).minus(g.y.times(g.x)),
              "multiply(2, multiply(x, y))"),
          new Rewrite(
              "simplify",
              "x y + x x",
              g -> g.x.times(g.y).plus(g.x.times(g.x)),
              "add(multiply(x, y), multiply(x, x))"),
          new Rewrite(
              "simplify",
              "x y - y x",
              g -> g.x.times(g.y).minus(g.y.times(g.x)),
              "subtract(multiply(x, y), multiply(y, x))"),
          // what is known now
          new Rewrite("fold-constants", "2 + 3", g -> g.constant(2).plus(g.constant(3)), "5"),
          new Rewrite(
              "fold-constants",
              "exp(0) * x",
              g -> g.constant(0).apply(new Exp()).times(g.x),
              "multiply(1, x)"),
          new Rewrite(
              "fold-constants",
              "x @ zeros",
              g ->
                  g.product(
                      g.x,
                      g.builder
                          .add(new Constant(0, ElementType.F32))
                          .broadcast(Shape.of(3, 4), List.of()),
                      "ab,bc->ac"),
              "0"),
          new Rewrite(
              "fold-constants",
              "2 < 3",
              g -> g.constant(2).compared(Comparison.LESS, g.constant(3)),
              "1"),
          new Rewrite(
              "fold-constants",
              "size of an axis",
              g -> g.builder.add(new Extent(Size.of(12))),
              "12"),
          new Rewrite(
              "fold-constants",
              "rows of the batch stay",
              g -> g.builder.add(new Extent(ROWS)),
              "extent B"),
          new Rewrite(
              "fold-constants", "transposed constant", g -> g.constant(2).transposed(), "2"),
          new Rewrite(
              "fold-constants",
              "sliced constant",
              g -> g.builder.add(new Slice(1, 0, 2), g.constant(2)),
              "2"),
          new Rewrite(
              "fold-constants",
              "max of a constant",
              g -> g.builder.add(new Max(List.of(1)), g.constant(2)),
              "2"),
          new Rewrite(
              "fold-constants",
              "sum of a constant over 3",
              g -> g.constant(2).sum(List.of(1)),
              "6"),
          new Rewrite(
              "fold-constants",
              "sum of a constant over the batch",
              g -> g.batch.constant(2).sum(List.of(0, 1)),
              "multiply(extent 3 * B, 2)"),
          // identities
          new Rewrite("simplify", "x + 0", g -> g.x.plus(g.constant(0)), "x"),
          new Rewrite("simplify", "0 + x", g -> g.constant(0).plus(g.x), "x"),
          new Rewrite("simplify", "x + -y", g -> g.x.plus(g.y.negated()), "subtract(x, y)"),
          new Rewrite("simplify", "-x + y", g -> g.x.negated().plus(g.y), "subtract(y, x)"),
          new Rewrite(
              "simplify",
              "rows added to zeros, and others: all to the same zeros",
              g -> g.scattered(g.x).plus(g.scattered(g.y)),
              "scatter_add to 4 rows(iota 2, x, iota 2, y)"),
          new Rewrite("simplify", "x - 0", g -> g.x.minus(g.constant(0)), "x"),
          new Rewrite("simplify", "0 - x", g -> g.constant(0).minus(g.x), "negate(x)"),
          new Rewrite("simplify", "x - -y", g -> g.x.minus(g.y.negated()), "add(x, y)"),
          new Rewrite("simplify", "1 * x", g -> g.constant(1).times(g.x), "x"),
          new Rewrite("simplify", "x * 0", g -> g.x.times(g.constant(0)), "0"),
          new Rewrite("simplify", "x * -1", g -> g.x.times(g.constant(-1)), "negate(x)"),
          new Rewrite(
              "simplify", "-x * -y", g -> g.x.negated().times(g.y.negated()), "multiply(x, y)"),
          new Rewrite(
              "simplify", "-x * y", g -> g.x.negated().times(g.y), "negate(multiply(x, y))"),
          new Rewrite(
              "simplify",
              "x * 2: constants first",
              g -> g.x.times(g.constant(2)),
              "multiply(2, x)"),
          new Rewrite("simplify", "x / 1", g -> g.x.over(g.constant(1)), "x"),
          new Rewrite("simplify", "0 / x", g -> g.constant(0).over(g.x), "0"),
          new Rewrite(
              "simplify", "x / 4: exact", g -> g.x.over(g.constant(4)), "multiply(0.25, x)"),
          new Rewrite(
              "simplify",
              "x / 3: not exact, so it stays",
              g -> g.x.over(g.constant(3)),
              "divide(x, 3)"),
          new Rewrite("simplify", "-x / y", g -> g.x.negated().over(g.y), "negate(divide(x, y))"),
          new Rewrite("simplify", "-(-x)", g -> g.x.negated().negated(), "x"),
          new Rewrite("simplify", "-(x - y)", g -> g.x.minus(g.y).negated(), "subtract(y, x)"),
          new Rewrite(
              "simplify",
              "x - x: not for infinity, so it stays",
              g -> g.x.minus(g.x),
              "subtract(x, x)"),
          // truths
          new Rewrite("simplify", "where(true, x, y)", g -> g.truth(true).choose(g.x, g.y), "x"),
          new Rewrite("simplify", "where(false, x, y)", g -> g.truth(false).choose(g.x, g.y), "y"),
          new Rewrite("simplify", "where(c, x, x)", g -> g.small.choose(g.x, g.x), "x"),
          new Rewrite(
              "simplify",
              "where(not c, x, y)",
              g -> g.small.not().choose(g.x, g.y),
              "where(less(x, y), y, x)"),
          new Rewrite("simplify", "not not c", g -> g.small.not().not(), "less(x, y)"),
          new Rewrite(
              "simplify",
              "true and c",
              g -> g.builder.add(new And(), g.truth(true), g.small),
              "less(x, y)"),
          new Rewrite(
              "simplify",
              "c and false",
              g -> g.builder.add(new And(), g.small, g.truth(false)),
              "0"),
          new Rewrite(
              "simplify",
              "false or c",
              g -> g.builder.add(new Or(), g.truth(false), g.small),
              "less(x, y)"),
          new Rewrite(
              "simplify", "c or c", g -> g.builder.add(new Or(), g.small, g.small), "less(x, y)"),
          // moves
          new Rewrite("shapes", "x.T.T", g -> g.x.transposed().transposed(), "x"),
          new Rewrite(
              "shapes",
              "reversed twice",
              g -> g.builder.add(new Reverse(1), g.builder.add(new Reverse(1), g.x)),
              "x"),
          new Rewrite(
              "shapes",
              "reversed along two axes",
              g -> g.builder.add(new Reverse(0), g.builder.add(new Reverse(1), g.x)),
              "reverse axis 0(reverse axis 1(x))"),
          new Rewrite(
              "shapes",
              "reshape of reshape",
              g -> g.x.reshape(Shape.of(6)).reshape(Shape.of(3, 2)),
              "reshape [3, 2](x)"),
          new Rewrite(
              "shapes",
              "reshape there and back",
              g -> g.x.reshape(Shape.of(6)).reshape(Shape.of(2, 3)),
              "x"),
          new Rewrite(
              "shapes",
              "broadcast of broadcast",
              g ->
                  g.b
                      .broadcast(Shape.of(2, 3), List.of(1))
                      .broadcast(Shape.of(2, 5, 3), List.of(0, 2)),
              "broadcast [2] of [2, 5, 3](b)"),
          new Rewrite(
              "shapes",
              "sum of sum",
              g -> g.x.sum(List.of(0)).sum(List.of(0)),
              "sum over [0, 1](x)"),
          new Rewrite(
              "shapes",
              "sums of axes that are not side by side stay two",
              g -> g.cube.sum(List.of(2)).sum(List.of(0)),
              "sum over [0](sum over [2](cube))"),
          new Rewrite(
              "shapes",
              "max over axes that are not side by side",
              g -> g.builder.add(new Max(List.of(0, 2)), g.cube),
              "max over [0](max over [2](cube))"),
          new Rewrite(
              "shapes",
              "sum over an axis of size 1",
              g -> g.one.sum(List.of(1)),
              "reshape [5](one)"),
          new Rewrite(
              "shapes",
              "max over an axis of size 1 too",
              g -> g.builder.add(new Max(List.of(0, 1)), g.one),
              "max over [0](reshape [5](one))"),
          new Rewrite(
              "shapes",
              "argmax over an axis of size 1: there is one place",
              g -> g.builder.add(new ArgMax(1), g.one),
              "0"),
          new Rewrite(
              "shapes",
              "sum of what is repeated",
              g -> g.b.broadcast(Shape.of(2, 3), List.of(1)).sum(List.of(0)),
              "multiply(b, broadcast [] of [3](extent 2))"),
          new Rewrite(
              "shapes",
              "max of what is repeated",
              g -> g.builder.add(new Max(List.of(0, 1)), g.b.broadcast(Shape.of(2, 3), List.of(1))),
              "max over [0](b)"),
          new Rewrite(
              "shapes",
              "argmax of equal values",
              g -> g.builder.add(new ArgMax(0), g.b.broadcast(Shape.of(2, 3), List.of(1))),
              "0"),
          new Rewrite(
              "shapes",
              "values surrounded by zeros, one beside the other",
              g -> g.padded(g.x, 0, 5).plus(g.padded(g.x, 5, 0)).plus(g.padded(g.y, 3, 2)),
              "add(pad 0, 2 at axis 1(concat at axis 1(x, y)), pad 5, 0 at axis 1(x))"),
          new Rewrite(
              "shapes",
              "values surrounded by zeros, none beside the other",
              g -> g.padded(g.x, 0, 4).plus(g.padded(g.y, 4, 0)),
              "add(pad 0, 4 at axis 1(x), pad 4, 0 at axis 1(y))"),
          new Rewrite(
              "shapes",
              "parts of parts",
              g -> Parts.together(1, List.of(g.x, g.builder.add(new Concat(0), g.y))),
              "concat at axis 1(x, concat at axis 0(y))"),
          new Rewrite(
              "shapes",
              "repeated values side by side",
              g ->
                  g.builder.add(
                      new Concat(1),
                      g.b.broadcast(Shape.of(2, 3), List.of(1)),
                      g.b.apply(new Tanh()).broadcast(Shape.of(2, 3), List.of(1))),
              "broadcast [1] of [2, 6](concat at axis 0(b, tanh(b)))"),
          // the smaller shape
          new Rewrite(
              "compute-small",
              "tanh of a broadcast",
              g -> g.b.broadcast(Shape.of(2, 3), List.of(1)).apply(new Tanh()),
              "broadcast [1] of [2, 3](tanh(b))"),
          new Rewrite(
              "compute-small",
              "2 * broadcast",
              g -> g.constant(2).times(g.b.broadcast(Shape.of(2, 3), List.of(1))),
              "broadcast [1] of [2, 3](multiply(2, b))"),
          new Rewrite(
              "compute-small",
              "x + broadcast stays",
              g -> g.x.plus(g.b.broadcast(Shape.of(2, 3), List.of(1))),
              "add(x, broadcast [1] of [2, 3](b))"),
          new Rewrite(
              "compute-small",
              "tanh of a reshape",
              g -> g.x.reshape(Shape.of(6)).apply(new Tanh()),
              "reshape [6](tanh(x))"),
          new Rewrite(
              "compute-small",
              "no axes of size 1",
              g -> g.one.plus(g.single),
              "reshape [5, 1](add(reshape [5](one), reshape [5](single)))"),
          // products
          // moves of windows, and reductions over few places
          new Rewrite(
              "shapes",
              "windows side by side",
              g -> g.builder.add(new Windows(1, 1, 1, 1), g.x),
              "reshape [2, 3, 1](x)"),
          new Rewrite(
              "shapes",
              "windows side by side, and a place that none sees",
              g -> g.builder.add(new Windows(1, 2, 2, 1), g.x),
              "reshape [2, 1, 2](slice 0..1 of axis 1(x))"),
          new Rewrite(
              "shapes",
              "windows side by side, added up",
              g -> g.builder.add(new OverlapAdd(0, 7, 3, 1), g.x),
              "pad 0, 1 at axis 0(reshape [6](x))"),
          new Rewrite(
              "shapes",
              "argmax over the first axes of many",
              g -> g.builder.add(new ArgMax(0), g.batch),
              "argmax over [1](permute [1, 0](batch))"),
          new Rewrite(
              "move-transposes",
              "of two transposed",
              g -> g.x.transposed().plus(g.y.transposed()),
              "permute [1, 0](add(x, y))"),
          new Rewrite(
              "move-transposes",
              "of a transposed and a repeated",
              g -> g.x.transposed().plus(g.b.broadcast(Shape.of(3, 2), List.of(0))),
              "permute [1, 0](add(x, broadcast [1] of [2, 3](b)))"),
          new Rewrite(
              "move-transposes",
              "summed over one of its axes",
              g -> g.x.transposed().sum(List.of(0)),
              "sum over [1](x)"),
          new Rewrite(
              "move-transposes",
              "of a repeated",
              g -> g.b.broadcast(Shape.of(3, 2), List.of(0)).transposed(),
              "broadcast [1] of [2, 3](b)"),
          new Rewrite(
              "few-places",
              "max over two rows",
              g -> g.builder.add(new Max(List.of(0)), g.x),
              "max(reshape [3](slice 0..0 of axis 0(x)), reshape [3](slice 1..1 of axis 0(x)))"),
          new Rewrite(
              "few-places",
              "sum over the last axis stays",
              g -> g.x.sum(List.of(1)),
              "sum over [1](x)"),
          new Rewrite(
              "absorb-transposes",
              "x.T @ y",
              g -> g.product(g.x.transposed(), g.y, "ab,bc->ac"),
              "product ab,ac->bc(x, y)"),
          new Rewrite(
              "absorb-transposes",
              "x @ y.T",
              g -> g.product(g.x, g.y.transposed(), "ab,bc->ac"),
              "product ab,cb->ac(x, y)"),
          new Rewrite(
              "absorb-transposes",
              "(x @ w).T",
              g -> g.product(g.x, g.w, "ab,bc->ac").transposed(),
              "product ab,ca->bc(w, x)"),
          new Rewrite(
              "absorb-transposes",
              "left axes first",
              g -> g.product(g.x, g.w, "ab,bc->ca"),
              "product ab,ca->bc(w, x)"),
          new Rewrite(
              "absorb-transposes",
              "batches of x @ y.T",
              g -> g.product(g.cube, g.cube.transposed(), "abc,acd->abd"),
              "product abc,adc->abd(cube, cube)"),
          new Rewrite(
              "absorb-transposes",
              "rows in another order: no matrix, so it is transposed first",
              g -> g.product(g.cube, g.w, "abc,cd->bad"),
              "product abc,cd->abd(permute [1, 0, 2](cube), w)"),
          new Rewrite(
              "absorb-transposes",
              "rows apart: transposed first, so that neighbours stay neighbours",
              g -> g.product(g.cube, g.y, "acb,dc->abd"),
              "product abc,da->bcd(permute [1, 0, 2](cube), y)"),
          new Rewrite(
              "absorb-transposes",
              "summed axes in another order",
              g -> g.product(g.cube, g.cube, "abc,dcb->ad"),
              "product abc,dbc->ad(cube, permute [0, 2, 1](cube))"),
          new Rewrite(
              "absorb-transposes",
              "a label of one operand alone",
              g -> g.product(g.x, g.y, "ab,cb->b"),
              "product a,a->a(sum over [0](x), sum over [0](y))"),
          new Rewrite(
              "absorb-transposes",
              "the sum over an axis of a product's columns",
              g ->
                  g.builder
                      .add(new Slice(1, 1, 2), g.product(g.x, g.w, "ab,bc->ac"))
                      .sum(List.of(0)),
              "slice 1..2 of axis 0(product a,ab->b(sum over [0](x), w))"),
          new Rewrite(
              "absorb-transposes",
              "the sum over an axis of products side by side",
              g ->
                  Parts.together(
                          1,
                          List.of(
                              g.product(g.x, g.w, "ab,bc->ac"), g.product(g.y, g.w, "ab,bc->ac")))
                      .sum(List.of(0)),
              "concat at axis 0(product a,ab->b(sum over [0](x), w), product a,ab->b(sum over [0](y), w))"),
          new Rewrite(
              "absorb-transposes",
              "the sum over an axis of a product among zeros",
              g -> g.padded(g.product(g.x, g.w, "ab,bc->ac"), 1, 2).sum(List.of(0)),
              "pad 1, 2 at axis 0(product a,ab->b(sum over [0](x), w))"));

  @ParameterizedTest
  @FieldSource("REWRITES")
  void becomes(Rewrite rewrite) {
    assertThat(
            text(
                Pipeline.runAlone(
                        rewrite.pass(),
                        Graph.of(Map.of("value", rewrite.expression().apply(new Given()))))
                    .root("value")))
        .isEqualTo(rewrite.after());
  }

  /** A node as a nested expression; a constant in any shape as its number. */
  private static String text(Node node) {
    if (node.constantValue().isPresent()) {
      return Constant.text(node.constantValue().get());
    }
    String op =
        switch (node.op()) {
          case Variable variable -> variable.variable();
          case Elementwise elementwise -> elementwise.name();
          case Reshape reshape -> "reshape " + reshape.target();
          default -> node.op().toString();
        };
    return node.inputs().isEmpty()
        ? op
        : op
            + node.inputs().stream()
                .map(RewritesTest::text)
                .collect(Collectors.joining(", ", "(", ")"));
  }

  @Test
  void namesAndPlacesOfValuesSurvive() {
    Given given = new Given();
    Node named = given.builder.label(given.x.plus(given.constant(0)).times(given.constant(2)), "h");
    Node after = Pipeline.run(Graph.of(Map.of("h", named))).graph().root("h");
    assertThat(text(after)).isEqualTo("multiply(2, x)");
    assertThat(after.label()).contains("h");
  }
}
