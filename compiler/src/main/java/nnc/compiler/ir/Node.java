package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import nnc.compiler.ir.op.Abs;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.Compare;
import nnc.compiler.ir.op.Divide;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Negate;
import nnc.compiler.ir.op.Not;
import nnc.compiler.ir.op.Number;
import nnc.compiler.ir.op.Select;
import nnc.compiler.ir.op.Subtract;
import nnc.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/** A value of the graph: an op applied to values. Made by a {@link GraphBuilder}, which makes equal nodes one. */
public final class Node {
  private final GraphBuilder builder;
  private final int id;
  private final Op op;
  private final List<Node> inputs;
  private final Type type;
  private final TreeSet<Span> spans = new TreeSet<>();
  private final TreeSet<String> layers = new TreeSet<>();
  private final @Nullable Node gradientOf;

  /** A bit for each {@link Slot.Role}. */
  private final int slots;

  private @Nullable String label;

  Node(GraphBuilder builder, int id, Op op, List<Node> inputs, @Nullable Node gradientOf) {
    this.builder = builder;
    this.id = id;
    this.op = op;
    this.inputs = List.copyOf(inputs);
    this.type = op.infer(inputs.stream().map(Node::type).toList());
    this.gradientOf = gradientOf;
    this.slots =
        op instanceof Slot slot
            ? 1 << slot.role().ordinal()
            : inputs.stream().mapToInt(input -> input.slots).reduce(0, (a, b) -> a | b);
  }

  public GraphBuilder builder() {
    return builder;
  }

  /** Unique in its builder; inputs have smaller ones. */
  public int id() {
    return id;
  }

  public Op op() {
    return op;
  }

  public List<Node> inputs() {
    return inputs;
  }

  public Node input(int index) {
    return inputs.get(index);
  }

  public Type type() {
    return type;
  }

  public Shape shape() {
    return type.shape();
  }

  /** Whether this value of a body may be another at each step. */
  public boolean differsByStep() {
    return dependsOn(Slot.Role.PREVIOUS) || dependsOn(Slot.Role.STEP);
  }

  /** Whether this value of a body depends on a slot of that role. */
  public boolean dependsOn(Slot.Role role) {
    return (slots & 1 << role.ordinal()) != 0;
  }

  /** Where in .nn texts this value comes from, in the order of the texts. */
  public List<Span> spans() {
    return List.copyOf(spans);
  }

  /** Where the author would look: in their own text, not in the library, if the value comes from both. */
  public Optional<Span> place() {
    return spans.stream()
        .filter(span -> !span.source().isLibrary())
        .reduce((first, second) -> second)
        .or(() -> spans.stream().reduce((first, second) -> second));
  }

  /** The layers inside of which this value is computed, each the innermost, by their paths: {@code block.self}. */
  public List<String> layers() {
    return List.copyOf(layers);
  }

  /** This value comes from wherever another one does. */
  public void comesFrom(Node other) {
    spans.addAll(other.spans);
    layers.addAll(other.layers);
  }

  void addSpan(Span span) {
    spans.add(span);
  }

  void addLayer(String path) {
    layers.add(path);
  }

  /** The forward node whose gradient rule made this node, if one did. */
  public Optional<Node> gradientOf() {
    return Optional.ofNullable(gradientOf);
  }

  /** What the author, or the gradient sweep, calls this value: {@code logits}, {@code dense1}. */
  public Optional<String> label() {
    return Optional.ofNullable(label);
  }

  /**
   * What to call it where a name is needed: delta_h lies between the gradient of h and of what h is computed from, h_tanh is
   * the tanh of h.
   */
  public String shownName() {
    return label()
        .or(() -> gradientOf().flatMap(Node::label).map(of -> "delta_" + of))
        .or(() ->
            inputs.size() == 1 ? inputs.getFirst().label().map(this::applied) : Optional.empty())
        .orElseGet(() -> op.name() + id);
  }

  private String applied(String input) {
    return input + "_" + (op instanceof Permute ? "T" : op.name());
  }

  void setLabel(String text) {
    label = text;
  }

  /** The number this node is everywhere, if it is a constant or the broadcast of one. */
  public Optional<Double> constantValue() {
    return switch (op) {
      case Constant constant -> Optional.of(constant.value());
      case Broadcast ignored -> input(0).constantValue();
      default -> Optional.empty();
    };
  }

  public boolean isConstant(double value) {
    return constantValue().filter(own -> own == value).isPresent();
  }

  // ------------------------------------------------------------ mathematics, as gradient rules
  // write it

  public Node plus(Node other) {
    return builder.add(new Add(), this, other);
  }

  public Node minus(Node other) {
    return builder.add(new Subtract(), this, other);
  }

  public Node times(Node other) {
    return builder.add(new Multiply(), this, other);
  }

  public Node times(double factor) {
    return times(constant(factor));
  }

  public Node plus(double summand) {
    return plus(constant(summand));
  }

  public Node over(Node divisor) {
    return builder.add(new Divide(), this, divisor);
  }

  public Node negated() {
    return builder.add(new Negate(), this);
  }

  public Node abs() {
    return builder.add(new Abs(), this);
  }

  public Node squared() {
    return times(this);
  }

  public Node compared(Algebra.Comparison how, Node other) {
    return builder.add(new Compare(how), this, other);
  }

  public Node greaterThan(Node other) {
    return other.compared(Algebra.Comparison.LESS, this);
  }

  /** This truth value chooses. */
  public Node choose(Node yes, Node no) {
    return builder.add(new Select(), this, yes, no);
  }

  public Node not() {
    return builder.add(new Not(), this);
  }

  /** This truth value as 1 or 0. */
  public Node number() {
    return builder.add(new Number(), this);
  }

  /** A constant of this node's shape. */
  public Node constant(double value) {
    return builder.constant(value).broadcast(shape(), List.of());
  }

  public Node zeros() {
    return constant(0);
  }

  /** Any elementwise op of this node alone. */
  public Node apply(Elementwise function) {
    return builder.add(function, this);
  }

  public Node sum(List<Integer> axes) {
    return axes.isEmpty() ? this : builder.add(new Sum(axes), this);
  }

  /** This along the axes {@code places} of a larger shape. */
  public Node broadcast(Shape target, List<Integer> places) {
    return target.equals(shape()) ? this : builder.add(new Broadcast(target, places), this);
  }

  /** The inverse of a sum over axes: the same value at every place of them. */
  public Node spread(Shape target, List<Integer> axes) {
    return broadcast(
        target,
        IntStream.range(0, target.rank()).boxed().filter(axis -> !axes.contains(axis)).toList());
  }

  public Node reshape(Shape target) {
    return target.equals(shape()) ? this : builder.add(new Reshape(target), this);
  }

  public Node permute(List<Integer> order) {
    List<Integer> identity = IntStream.range(0, order.size()).boxed().toList();
    return order.equals(identity) ? this : builder.add(new Permute(order), this);
  }

  /** The last two axes swapped. */
  public Node transposed() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, shape().rank()).boxed().toList());
    int last = order.size() - 1;
    order.set(last, last - 1);
    order.set(last - 1, last);
    return permute(order);
  }

  @Override
  public String toString() {
    return "%" + id + label().map(text -> " " + text).orElse("");
  }
}
