package nnc.compiler.grad;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;

/** Variables of random shapes with random values, for one trial of an op. */
final class Operands {
  /** Where an op's derivative can be trusted to finite differences. */
  enum Domain {
    ANY(x -> x),
    POSITIVE(x -> Math.exp(0.6 * x)),
    AROUND_ZERO(x -> 0.4 * x),
    AWAY_FROM_ZERO(x -> x + Math.copySign(0.4, x));

    private final DoubleUnaryOperator from;

    Domain(DoubleUnaryOperator from) {
      this.from = from;
    }
  }

  private static final int[] SIZES = {1, 2, 3, 5};

  private final GraphBuilder builder = new GraphBuilder();
  private final Random random;
  private final Map<Node, Tensor> values = new LinkedHashMap<>();

  Operands(long seed) {
    random = new Random(seed);
  }

  GraphBuilder builder() {
    return builder;
  }

  /** All variables so far, in their order. */
  List<Node> variables() {
    return List.copyOf(values.keySet());
  }

  Map<String, Tensor> values() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    values.forEach((node, value) -> named.put(((Variable) node.op()).variable(), value));
    return named;
  }

  Shape shape(int leastRank, int mostRank) {
    int rank = leastRank + random.nextInt(mostRank - leastRank + 1);
    return new Shape(IntStream.range(0, rank).mapToObj(_ -> Size.of(size())).toList());
  }

  int size() {
    return SIZES[random.nextInt(SIZES.length)];
  }

  int number(int bound) {
    return random.nextInt(bound);
  }

  /** Some of the numbers below a bound, at least that many, ascending. */
  List<Integer> some(int bound, int least) {
    return shuffled(bound).subList(0, least + random.nextInt(bound - least + 1)).stream()
        .sorted()
        .toList();
  }

  List<Integer> shuffled(int bound) {
    return shuffled(IntStream.range(0, bound).boxed().toList());
  }

  <T> List<T> shuffled(List<T> items) {
    List<T> copy = new ArrayList<>(items);
    Collections.shuffle(copy, random);
    return copy;
  }

  /** A new variable. No two of its elements are closer than finite differences step, so that no maximum is a tie. */
  Node variable(Shape shape, Domain domain) {
    int n = shape.elements().constant();
    List<Integer> places = shuffled(n);
    double[] elements = new double[n];
    for (int i = 0; i < n; i++) {
      elements[i] =
          domain.from.applyAsDouble(-2 + 4 * (places.get(i) + 0.2 + 0.6 * random.nextDouble()) / n);
    }
    Tensor value = new Tensor(shape.at(Map.of()), elements);
    Node node =
        builder.add(
            new Variable(
                Variable.Kind.INPUT, "x" + values.size(), new Type(ElementType.F32, shape)));
    values.put(node, value);
    return node;
  }

  Node variable(Shape shape) {
    return variable(shape, Domain.ANY);
  }

  /** A variable with some of a shape's axes, repeated along the others. */
  Node broadcast(Shape target, Domain domain) {
    List<Integer> places = some(target.rank(), 0);
    return variable(new Shape(places.stream().map(target::size).toList()), domain)
        .broadcast(target, places);
  }

  /** The sum of a tensor's elements, each with a weight of its own: a scalar to which every element matters. */
  Node weighed(Node tensor) {
    Node weighed = tensor.times(variable(tensor.shape(), Domain.AWAY_FROM_ZERO));
    return weighed.sum(IntStream.range(0, tensor.shape().rank()).boxed().toList());
  }
}
