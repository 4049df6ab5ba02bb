package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import nnc.compiler.Compiler;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Recurrence;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.StopGradient;
import nnc.compiler.model.TypedModel;
import org.jspecify.annotations.Nullable;

/**
 * A model's graph in which a leaf is added to each value that is looked at: the gradient by the leaf is the value's, at every
 * step of every loop around it, whatever passes make of the graph. Once gradients are taken the leaves are zeros.
 */
final class TappedGraph implements Compiler.Extension {
  /** Roots with this name in front are values, at all steps of their loops; the rest is the number. */
  static final String VALUE = "flow.value.";

  /** The same of their gradients. */
  static final String GRADIENT = "flow.gradient.";

  /** The same of the gradient of what comes in at the last step alone. */
  static final String LAST = "flow.last.";

  /** The same of the leaves. */
  static final String LEAF = "flow.leaf.";

  /** Slots for leaves, apart from those of the model. */
  private static final int SLOT = 2_000_000;

  private final Map<Node, Tap> taps;

  /** A loop over time in the graph that gradients are taken of. */
  private record TimeLoop(Node recurrence, List<Node> results, List<Node> leaves) {}

  /**
   * @param named what the model's own text gives names to
   * @param depth of what is looked at inside of layers
   */
  TappedGraph(TypedModel model, Set<String> named, int depth) {
    taps =
        Taps.of(
            Graph.of(Map.of("loss", model.training().loss().orElseThrow())),
            named,
            depth,
            model.parameters().stream().map(TypedModel.Parameter::path).toList());
  }

  /** What is looked at, in the order of the model. */
  List<Tap> taps() {
    return List.copyOf(taps.values());
  }

  // ------------------------------------------------------------ leaves

  @Override
  public Graph extend(Graph graph) {
    Level level = new Level(new GraphBuilder(), null, 1);
    level.copy(graph.nodes());
    Map<String, Node> roots = new LinkedHashMap<>(graph.image(level.images).roots());
    level.taken.forEach((tap, node) -> roots.put(VALUE + tap.number(), node));
    return Graph.of(roots);
  }

  /** The graph, or the body of a loop, while it is copied. */
  private final class Level {
    private final GraphBuilder builder;
    private final @Nullable Level outer;
    private final int length;
    private final Map<Node, Node> images = new HashMap<>();
    private final Map<Node, Node> sequences = new LinkedHashMap<>();
    private final Map<Tap, Node> taken = new LinkedHashMap<>();

    Level(GraphBuilder builder, @Nullable Level outer, int length) {
      this.builder = builder;
      this.outer = outer;
      this.length = length;
    }

    void copy(List<Node> nodes) {
      for (Node node : nodes) {
        if (node.op() instanceof Recur recur) {
          loop(node, recur, nodes);
        } else if (!images.containsKey(node)) {
          Node image = builder.copy(node, images);
          Tap tap = taps.get(node);
          if (tap != null) {
            Node value = image;
            image = builder.insteadOf(value, () -> value.plus(leaf(tap.number(), value.type())));
            taken.put(tap, image);
          }
          images.put(node, image);
        }
      }
    }

    private Node leaf(int number, Type type) {
      if (outer == null) {
        return builder.add(new Variable(Variable.Kind.SETTING, LEAF + number, type));
      }
      Node slot = builder.add(new Slot(Slot.Role.STEP, SLOT + number, type));
      sequences.put(slot, outer.leaf(number, type.with(type.shape().under(Size.of(length)))));
      return slot;
    }

    private void loop(Node node, Recur recur, List<Node> nodes) {
      Level body = new Level(new GraphBuilder(), this, recur.length());
      body.copy(recur.body().nodes());
      Recurrence recurrence =
          new Recurrence(builder, recur.length(), recur.reverse(), recur.truncate());
      recurrence.inputs(recur, node.inputs().stream().map(images::get).toList(), body.images);
      body.sequences.forEach(recurrence::sequence);
      Map<Node, Node> wanted = new LinkedHashMap<>();
      for (Node result : Recurrence.results(nodes, node)) {
        wanted.put(result, body.images.get(recur.body().node(((Result) result.op()).value())));
      }
      List<Node> values = new ArrayList<>(wanted.values());
      values.addAll(body.taken.values());
      Map<Node, Node> closed =
          builder.insteadOf(node, () -> recurrence.close(values.stream().distinct().toList()));
      wanted.forEach((result, value) -> images.put(result, Known.in(closed, value)));
      body.taken.forEach((tap, value) -> taken.put(tap, Known.in(closed, value)));
    }
  }

  // ------------------------------------------------------------ gradients

  @Override
  public List<Node> targets(Graph graph) {
    List<Node> targets = new ArrayList<>();
    graph.nodes().stream().filter(node -> leaf(node).isPresent()).forEach(targets::add);
    recurrences(graph).forEach(loop -> targets.addAll(loop.results()));
    return targets;
  }

  /** Those of the model that stand in no other loop. */
  private List<TimeLoop> recurrences(Graph graph) {
    List<TimeLoop> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Recur && node.gradientOf().isEmpty()) {
        List<Node> leaves = node.inputs().stream().filter(this::isState).toList();
        if (!leaves.isEmpty()) {
          found.add(new TimeLoop(node, Recurrence.results(graph.nodes(), node), leaves));
        }
      }
    }
    return found;
  }

  /** The number of the value that a leaf is added to. */
  private static Optional<Integer> leaf(Node node) {
    return node.op() instanceof Variable variable && variable.variable().startsWith(LEAF)
        ? Optional.of(Integer.valueOf(variable.variable().substring(LEAF.length())))
        : Optional.empty();
  }

  private boolean isState(Node node) {
    return leaf(node)
        .filter(number ->
            taps.values().stream()
                .anyMatch(tap -> tap.number() == number && tap.state() && tap.loops().size() == 1))
        .isPresent();
  }

  @Override
  public Graph complete(Graph graph, Map<Node, Node> gradients, Gradients rules) {
    Map<String, Node> roots = new LinkedHashMap<>(graph.roots());
    gradients.forEach(
        (node, gradient) -> leaf(node).ifPresent(number -> roots.put(GRADIENT + number, gradient)));
    for (TimeLoop loop : recurrences(graph)) {
      lastStep(loop, gradients)
          .ifPresent(scalar ->
              rules
                  .of(scalar, loop.leaves())
                  .forEach(
                      (node, gradient) -> roots.put(LAST + leaf(node).orElseThrow(), gradient)));
    }
    return withoutLeaves(Graph.of(roots));
  }

  /** A scalar whose gradient by the states is that which the last step that has one receives from outside. */
  private static Optional<Node> lastStep(TimeLoop loop, Map<Node, Node> gradients) {
    boolean reverse = ((Recur) loop.recurrence().op()).reverse();
    Node sum = null;
    for (Node result : loop.results()) {
      Node received = gradients.get(result);
      if (received != null && result.shape().rank() > 1) {
        Node fixed = received.apply(new StopGradient());
        Node part =
            last(fixed, reverse)
                .choose(fixed, fixed.zeros())
                .times(result)
                .sum(IntStream.range(0, result.shape().rank()).boxed().toList());
        sum = sum == null ? part : sum.plus(part);
      }
    }
    return Optional.ofNullable(sum);
  }

  /** Where, for each row, the last step is at which anything comes in. */
  private static Node last(Node received, boolean reverse) {
    GraphBuilder builder = received.builder();
    List<Integer> features = IntStream.range(2, received.shape().rank()).boxed().toList();
    Node size = received.abs().sum(features);
    Node comes = size.greaterThan(size.zeros());
    Node step = builder.add(new Iota(received.shape().size(0)));
    Shape square = new Shape(List.of(received.shape().size(0), received.shape().size(0)));
    Node row = step.broadcast(square, List.of(0));
    Node column = step.broadcast(square, List.of(1));
    Node later = (reverse ? column : row).compared(Algebra.Comparison.LESS, reverse ? row : column);
    Node after =
        builder.product(
            later.number(),
            comes.number(),
            new Product(List.of(0, 1), List.of(1, 2), List.of(0, 2)));
    Node none = after.compared(Algebra.Comparison.EQUAL, after.zeros());
    return builder.add(new And(), comes, none).broadcast(received.shape(), List.of(0, 1));
  }

  private static Graph withoutLeaves(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new HashMap<>();
    for (Node node : graph.nodes()) {
      images.put(
          node,
          leaf(node).isPresent()
              ? builder.constant(0).broadcast(node.shape(), List.of())
              : builder.copy(node, images));
    }
    return graph.image(images);
  }
}
