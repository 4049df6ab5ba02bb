package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import nnc.compiler.ir.op.StopGradient;
import nnc.compiler.source.Span;
import nnc.runtime.RowId;
import nnc.runtime.UnknownRowException;

/** Runs any graph in double precision, slowly and obviously: the oracle for everything else. */
public final class Interpreter {
  private final Map<Dim, Integer> extents;
  private final Map<String, Tensor> variables;
  private final RandomSource random;
  private final UnaryOperator<Tensor> stopped;

  /** Where uniform random numbers come from. */
  public interface RandomSource {
    void fill(String path, double[] values);
  }

  /**
   * @param extents the run-time dims
   * @param variables the values of {@link Variable}s by name
   * @param stopped what {@link StopGradient} makes of its input; a graph asks in the same order each time it runs
   */
  public Interpreter(
      Map<Dim, Integer> extents,
      Map<String, Tensor> variables,
      RandomSource random,
      UnaryOperator<Tensor> stopped) {
    this.extents = Map.copyOf(extents);
    this.variables = Map.copyOf(variables);
    this.random = random;
    this.stopped = stopped;
  }

  /** Where a value with stopped gradient is the value. */
  public Interpreter(
      Map<Dim, Integer> extents, Map<String, Tensor> variables, RandomSource random) {
    this(extents, variables, random, UnaryOperator.identity());
  }

  /** For graphs without random numbers. */
  public Interpreter(Map<Dim, Integer> extents, Map<String, Tensor> variables) {
    this(
        extents,
        variables,
        (path, values) -> {
          throw new IllegalStateException(
              "the graph draws random numbers at " + path + ", and no source was given");
        });
  }

  /** The value of every root. */
  public Map<String, Tensor> run(Graph graph) {
    Map<Node, Tensor> values = new HashMap<>();
    evaluate(graph.nodes(), values);
    Map<String, Tensor> results = new LinkedHashMap<>();
    graph.roots().forEach((name, node) -> results.put(name, values.get(node)));
    return results;
  }

  /** The values of nodes in their order; some are given. */
  private void evaluate(List<Node> nodes, Map<Node, Tensor> values) {
    for (Node node : nodes) {
      if (values.containsKey(node)) {
        continue;
      }
      List<Tensor> inputs = node.inputs().stream().map(values::get).toList();
      if (node.op() instanceof Recur recur) {
        values.put(node, Tensor.scalar(0));
        values.putAll(steps(recur, inputs, Recurrence.results(nodes, node)));
      } else {
        values.put(node, evaluate(node, inputs));
      }
    }
  }

  private Tensor evaluate(Node node, List<Tensor> inputs) {
    int[] shape = node.shape().at(extents);
    Tensor result =
        switch (node.op()) {
          case Leaf leaf -> leaf(leaf, shape);
          case StopGradient ignored -> stopped.apply(inputs.getFirst());
          case Elementwise op -> elementwise(op, inputs, shape);
          case Product op -> product(op, inputs.get(0), inputs.get(1), shape);
          case Reduction op -> reduce(op, inputs.getFirst(), shape);
          case RowOp op -> rows(node, op, inputs, shape);
          case ShapeOp op -> move(op, inputs, shape);
          case OverlapAdd op -> overlapAdd(op, inputs.getFirst(), shape);
          case Structured op ->
              throw new IllegalStateException("interpreter: " + op + " has no value of its own");
        };
    if (!Arrays.equals(result.shape(), shape)) {
      throw new IllegalStateException(
          "interpreter: "
              + node.op()
              + " gave "
              + Arrays.toString(result.shape())
              + " for "
              + node.type());
    }
    return result;
  }

  private Tensor rows(Node node, RowOp op, List<Tensor> inputs, int[] shape) {
    try {
      return rows(op, inputs, shape);
    } catch (UnknownRowException e) {
      if (!(op instanceof Gather)) {
        throw e;
      }
      int batch = extents.values().stream().findFirst().orElse(1);
      String line = node.place().map(Span::place).orElse("");
      throw e.in(line, Gather.written(node), Gather.idsPerRow(node), batch);
    }
  }

  /** Runs a body step by step; the results wanted of it, each at all steps. */
  private Map<Node, Tensor> steps(Recur recur, List<Tensor> inputs, List<Node> results) {
    Map<Node, Tensor> stacked = new HashMap<>();
    results.forEach(result -> stacked.put(result, Tensor.zeros(result.shape().at(extents))));
    List<Tensor> states = new ArrayList<>(inputs.subList(0, recur.states()));
    for (int i = 0; i < recur.length(); i++) {
      int t = recur.reverse() ? recur.length() - 1 - i : i;
      Map<Node, Tensor> values = new HashMap<>();
      for (Node node : recur.body().nodes()) {
        if (node.op() instanceof Slot slot) {
          Tensor input =
              slot.role() == Slot.Role.PREVIOUS
                  ? states.get(slot.number())
                  : inputs.get(recur.input(slot));
          values.put(node, slot.role() == Slot.Role.STEP ? input.part(t) : input);
        }
      }
      evaluate(recur.body().nodes(), values);
      for (int state = 0; state < states.size(); state++) {
        states.set(state, values.get(recur.body().node(recur.next().get(state))));
      }
      stacked.forEach((result, whole) ->
          whole.setPart(t, Known.in(values, recur.body().node(((Result) result.op()).value()))));
    }
    return stacked;
  }

  private Tensor leaf(Leaf leaf, int[] shape) {
    return switch (leaf) {
      case Constant constant -> Tensor.scalar(constant.value());
      case Extent extent -> Tensor.scalar(extent.size().at(extents));
      case Iota ignored ->
          new Tensor(shape, IntStream.range(0, shape[0]).asDoubleStream().toArray());
      case Uniform uniform -> {
        Tensor drawn = Tensor.zeros(shape);
        random.fill(uniform.path(), drawn.values());
        yield drawn;
      }
      case Slot slot ->
          throw new IllegalStateException("interpreter: " + slot + " outside of a body");
      case Variable variable -> {
        Tensor value = variables.get(variable.variable());
        if (value == null) {
          throw new IllegalArgumentException("interpreter: no value given for " + variable);
        }
        yield value;
      }
    };
  }

  private static Tensor elementwise(Elementwise op, List<Tensor> inputs, int[] shape) {
    Tensor result = Tensor.zeros(shape);
    for (int i = 0; i < result.values().length; i++) {
      int place = i;
      result.values()[i] =
          op.formula(
              DoubleAlgebra.INSTANCE, inputs.stream().map(input -> input.values()[place]).toList());
    }
    return result;
  }

  /** Walks over all labels, those of the result outermost. */
  private static Tensor product(Product op, Tensor left, Tensor right, int[] shape) {
    Map<Integer, Integer> sizes = new LinkedHashMap<>();
    IntStream.range(0, shape.length).forEach(axis -> sizes.put(op.result().get(axis), shape[axis]));
    IntStream.range(0, op.left().size())
        .forEach(axis -> sizes.put(op.left().get(axis), left.shape()[axis]));
    IntStream.range(0, op.right().size())
        .forEach(axis -> sizes.put(op.right().get(axis), right.shape()[axis]));
    List<Integer> labels = List.copyOf(sizes.keySet());
    int[] space = labels.stream().mapToInt(sizes::get).toArray();
    int[] leftSteps = steps(labels, op.left(), left.shape());
    int[] rightSteps = steps(labels, op.right(), right.shape());
    int[] resultSteps = steps(labels, op.result(), shape);
    Tensor result = Tensor.zeros(shape);
    int[] at = new int[space.length];
    do {
      result.values()[dot(at, resultSteps)] +=
          left.values()[dot(at, leftSteps)] * right.values()[dot(at, rightSteps)];
    } while (next(at, space));
    return result;
  }

  private static int[] steps(List<Integer> labels, List<Integer> own, int[] shape) {
    int[] strides = Tensor.strides(shape);
    return labels.stream()
        .mapToInt(label -> own.contains(label) ? strides[own.indexOf(label)] : 0)
        .toArray();
  }

  private static Tensor reduce(Reduction op, Tensor input, int[] shape) {
    int[] inputStrides = Tensor.strides(input.shape());
    int[] kept =
        IntStream.range(0, input.shape().length)
            .filter(axis -> !op.axes().contains(axis))
            .toArray();
    int[] gone = op.axes().stream().mapToInt(Integer::intValue).toArray();
    int[] goneShape = Arrays.stream(gone).map(axis -> input.shape()[axis]).toArray();
    double[] elements = new double[Arrays.stream(goneShape).reduce(1, Math::multiplyExact)];
    Tensor result = Tensor.zeros(shape);
    int[] at = new int[kept.length];
    int place = 0;
    do {
      int base = dot(at, Arrays.stream(kept).map(axis -> inputStrides[axis]).toArray());
      int[] goneStrides = Arrays.stream(gone).map(axis -> inputStrides[axis]).toArray();
      int[] inner = new int[gone.length];
      int count = 0;
      do {
        elements[count++] = input.values()[base + dot(inner, goneStrides)];
      } while (next(inner, goneShape));
      result.values()[place++] = op.of(elements);
    } while (next(at, shape));
    return result;
  }

  private static Tensor move(ShapeOp op, List<Tensor> inputs, int[] shape) {
    Tensor input = inputs.getFirst();
    return switch (op) {
      case Reshape ignored -> new Tensor(shape, input.values());
      case Broadcast broadcast -> {
        int[] steps = new int[shape.length];
        int[] own = Tensor.strides(input.shape());
        IntStream.range(0, own.length)
            .forEach(axis -> steps[broadcast.places().get(axis)] = own[axis]);
        yield read(input, 0, steps, shape);
      }
      case Permute permute -> {
        int[] own = Tensor.strides(input.shape());
        yield read(input, 0, permute.order().stream().mapToInt(axis -> own[axis]).toArray(), shape);
      }
      case Slice slice -> {
        int[] own = Tensor.strides(input.shape());
        yield read(input, slice.from() * own[slice.axis()], own, shape);
      }
      case Reverse reverse -> {
        int[] steps = Tensor.strides(input.shape());
        int last = (shape[reverse.axis()] - 1) * steps[reverse.axis()];
        steps[reverse.axis()] *= -1;
        yield read(input, last, steps, shape);
      }
      case Pad pad -> {
        Tensor result = Tensor.zeros(shape);
        Arrays.fill(result.values(), pad.value());
        write(input, result, pad.axis(), pad.before());
        yield result;
      }
      case Windows windows -> {
        int[] steps =
            windowSteps(
                shape,
                Tensor.strides(input.shape()),
                windows.axis(),
                windows.stride(),
                windows.dilation());
        yield read(input, 0, steps, shape);
      }
      case Concat concat -> {
        Tensor result = Tensor.zeros(shape);
        int from = 0;
        for (Tensor part : inputs) {
          write(part, result, concat.axis(), from);
          from += part.shape()[concat.axis()];
        }
        yield result;
      }
    };
  }

  /** How far windows, and the places in a window, lie apart in memory. */
  private static int[] windowSteps(int[] shape, int[] strides, int axis, int stride, int dilation) {
    int[] steps = new int[shape.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] =
          i == axis
              ? stride * strides[axis]
              : i == axis + 1 ? dilation * strides[axis] : strides[i <= axis ? i : i - 1];
    }
    return steps;
  }

  private static Tensor overlapAdd(OverlapAdd op, Tensor input, int[] shape) {
    int[] windows = input.shape();
    int[] steps =
        windowSteps(windows, Tensor.strides(shape), op.axis(), op.stride(), op.dilation());
    Tensor result = Tensor.zeros(shape);
    int[] at = new int[windows.length];
    int place = 0;
    do {
      result.values()[dot(at, steps)] += input.values()[place++];
    } while (next(at, windows));
    return result;
  }

  private static Tensor rows(RowOp op, List<Tensor> inputs, int[] shape) {
    Tensor result = Tensor.zeros(shape);
    switch (op) {
      case Draw ignored -> {
        double[] sums = inputs.get(0).values().clone();
        for (int i = 1; i < sums.length; i++) {
          sums[i] += sums[i - 1];
        }
        double[] numbers = inputs.get(1).values();
        for (int place = 0; place < numbers.length; place++) {
          double wanted = numbers[place] * sums[sums.length - 1];
          while (sums[(int) result.values()[place]] <= wanted) {
            result.values()[place]++;
          }
        }
      }
      case Gather ignored -> {
        Tensor table = inputs.get(0);
        double[] ids = inputs.get(1).values();
        int width = table.values().length / table.shape()[0];
        for (int place = 0; place < ids.length; place++) {
          int row = RowId.checked(ids[place], place, table.shape()[0]);
          System.arraycopy(table.values(), row * width, result.values(), place * width, width);
        }
      }
      case ScatterAdd ignored -> {
        int width = result.values().length / shape[0];
        for (int input = 0; input < inputs.size(); input += 2) {
          double[] ids = inputs.get(input).values();
          double[] values = inputs.get(input + 1).values();
          for (int place = 0; place < ids.length; place++) {
            int row = RowId.checked(ids[place], place, shape[0]);
            for (int column = 0; column < width; column++) {
              result.values()[row * width + column] += values[place * width + column];
            }
          }
        }
      }
    }
    return result;
  }

  private static Tensor read(Tensor input, int base, int[] steps, int[] shape) {
    Tensor result = Tensor.zeros(shape);
    int[] at = new int[shape.length];
    int place = 0;
    do {
      result.values()[place++] = input.values()[base + dot(at, steps)];
    } while (next(at, shape));
    return result;
  }

  private static void write(Tensor part, Tensor whole, int axis, int from) {
    int[] steps = Tensor.strides(whole.shape());
    int[] at = new int[part.shape().length];
    int place = 0;
    do {
      whole.values()[from * steps[axis] + dot(at, steps)] = part.values()[place++];
    } while (next(at, part.shape()));
  }

  private static int dot(int[] at, int[] steps) {
    int sum = 0;
    for (int axis = 0; axis < at.length; axis++) {
      sum += at[axis] * steps[axis];
    }
    return sum;
  }

  /** Counts on, the last axis quickest; false when all places have been seen. */
  private static boolean next(int[] at, int[] shape) {
    for (int axis = at.length - 1; axis >= 0; axis--) {
      if (++at[axis] < shape[axis]) {
        return true;
      }
      at[axis] = 0;
    }
    return false;
  }
}
