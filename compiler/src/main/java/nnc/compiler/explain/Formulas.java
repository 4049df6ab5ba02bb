package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Reverse;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Uniform;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.StopGradient;
import nnc.compiler.model.TypedModel;
import org.jspecify.annotations.Nullable;

/** The formulas of nodes, over the names that some of them have. What only moves elements is not seen in them. */
final class Formulas {
  private static final FormulaAlgebra ALGEBRA = FormulaAlgebra.INSTANCE;

  /** Of places along several axes, counted together. */
  private static final String NUMBER = "n";

  private static final double LONGEST = 400;

  private final Map<Node, Formula> known = new HashMap<>();
  private final Map<Node, Formula> written = new HashMap<>();

  /** Where values lie in larger ones, if that is not plain. */
  private final Map<Node, String> places;

  /** Names for formulas that are computed once more. */
  private final Map<Formula, Formula.Name> recognised = new HashMap<>();

  /** What the steps of recurrences are called. */
  private final Map<Node, String> steps = new HashMap<>();

  Formulas() {
    this(Map.of());
  }

  /** @param places by {@link Alignments} */
  Formulas(Map<Node, String> places) {
    this.places = places;
  }

  /** Formulas of other values are written with their names from now on. */
  void recognise(Formulas other) {
    other.written.forEach((node, formula) -> {
      if (formula.size() > 1 && other.known.get(node) instanceof Formula.Name name) {
        recognised.put(formula, name);
      }
    });
  }

  /** The name of the value that a node is, if there is one. */
  Optional<Formula.Name> named(Node node) {
    Formula formula = of(node);
    return formula instanceof Formula.Name name
        ? Optional.of(name)
        : written.entrySet().stream()
            .filter(entry -> entry.getValue().equals(formula))
            .map(entry -> known.get(entry.getKey()))
            .filter(Formula.Name.class::isInstance)
            .map(Formula.Name.class::cast)
            .findFirst();
  }

  void steps(Node recurrence, String step) {
    steps.put(recurrence, step);
  }

  /** Formulas of the same nodes over other values. */
  Formulas withoutValues() {
    Formulas other = new Formulas(places);
    other.recognised.putAll(recognised);
    return other;
  }

  /** Formulas over nothing but what the recurrences so far have given. */
  Formulas ofResults() {
    Formulas other = withoutValues();
    other.steps.putAll(steps);
    known.forEach((node, formula) -> {
      boolean ofStep = node.op() instanceof Slice && formula instanceof Formula.Name;
      if (node.op() instanceof Result || ofStep) {
        other.known.put(node, formula);
      }
    });
    return other;
  }

  /** The formula, if it is not far too long. */
  Optional<Formula> ifShort(Node node) {
    return weight(base(node), new HashMap<>()) > LONGEST ? Optional.empty() : Optional.of(of(node));
  }

  /** How long a formula may be, before it is simplified. */
  private double weight(Node base, Map<Node, Double> weights) {
    Formula formula = known.get(base);
    if (formula != null) {
      return formula.equals(new Formula.Number(0)) ? 0 : formula.size();
    }
    Double before = weights.get(base);
    if (before != null) {
      return before;
    }
    double weight = base.inputs().stream().mapToDouble(input -> weight(base(input), weights)).sum();
    weights.put(base, Math.max(1, weight));
    return Math.max(1, weight);
  }

  /** From now on the node is written as this name. */
  void name(Node node, Formula.Name name) {
    written.put(node, of(node));
    known.put(node, name);
  }

  /** What the node is: leaves of a body and results of a recurrence have no formula of their own. */
  void give(Node node, Formula formula) {
    known.put(node, recognised(formula));
  }

  private Formula recognised(Formula formula) {
    Formula.Name name = recognised.get(formula);
    return name == null ? formula : name;
  }

  /** The formula of a node even if it has a name. */
  Formula written(Node node) {
    Formula formula = written.get(base(node));
    return formula == null ? of(node) : formula;
  }

  /** The node that a node shows in other places or another shape. */
  static Node base(Node node) {
    Node base = node;
    while (moves(base)) {
      base = base.input(0);
    }
    return base;
  }

  private static boolean moves(Node node) {
    return node.op() instanceof Broadcast
        || node.op() instanceof Reshape
        || node.op() instanceof Permute
        || node.op() instanceof StopGradient;
  }

  Formula of(Node node) {
    Node base = base(node);
    if (base.op() instanceof Iota && base != node) {
      return place(axisFromLast(node, base));
    }
    Formula formula = known.get(base);
    if (formula == null) {
      Formula made = made(base);
      formula = recognised(made);
      known.put(base, formula);
    }
    String place = places.get(node);
    return place == null || formula instanceof Formula.Number
        ? formula
        : new Formula.Lookup(formula, new Formula.Place(place));
  }

  private static Formula place(int axisFromLast) {
    return new Formula.Place(axisFromLast < 0 ? NUMBER : Alignments.place(axisFromLast));
  }

  /** Along which axis, counted from the last, a node shows the numbers of places; -1 if along several. */
  private static int axisFromLast(Node node, Node iota) {
    List<Node> moves = new ArrayList<>();
    for (Node move = node; move != iota; move = move.input(0)) {
      moves.addFirst(move);
    }
    int axis = 0;
    for (Node move : moves) {
      axis =
          switch (move.op()) {
            case Broadcast broadcast -> broadcast.places().get(axis);
            case Permute permute -> permute.order().indexOf(axis);
            case Reshape ignored -> move.shape().sizes().indexOf(iota.shape().size(0));
            default -> axis;
          };
      if (axis < 0) {
        return axis;
      }
    }
    return node.shape().rank() - 1 - axis;
  }

  private Formula made(Node node) {
    return switch (node.op()) {
      case Constant constant -> new Formula.Number(constant.value());
      case Extent extent -> extent(extent.size());
      case Iota ignored -> place(0);
      case Variable variable ->
          new Formula.Name(
              node.label().orElse(variable.variable()),
              variable.kind() == Variable.Kind.GRADIENT,
              "",
              node.shape().rank() == 0);
      case Uniform uniform -> name(node.label().orElse(TypedModel.shown(uniform.path())), node);
      case Leaf ignored -> name(node.label().orElse(node.op().name()), node);
      case Elementwise op -> op.formula(ALGEBRA, node.inputs().stream().map(this::of).toList());
      case Product product -> product(product, node);
      case Reduction reduction -> fold(reduction, node);
      case Gather ignored -> new Formula.Lookup(of(node.input(0)), of(node.input(1)));
      case Slice ignored when isNumber(node.input(0)) -> of(node.input(0));
      case Reverse ignored when isNumber(node.input(0)) -> of(node.input(0));
      case Slice slice -> new Formula.Lookup(of(node.input(0)), name(places(slice), node));
      case ShapeOp op -> call(op.name(), node);
      default -> call(node.op().name(), node);
    };
  }

  private static Formula.Name name(String text, Node node) {
    return new Formula.Name(text, false, "", node.shape().rank() == 0);
  }

  private static Formula extent(Size size) {
    Formula product = ALGEBRA.constant(size.factor());
    for (var dim : size.dims()) {
      product = ALGEBRA.multiply(product, new Formula.Name(dim.name(), false, "", true));
    }
    return product;
  }

  private static String places(Slice slice) {
    String first = String.valueOf(slice.from());
    String axes = ":, ".repeat(slice.axis());
    return axes + (slice.length() == 1 ? first : first + ":" + (slice.from() + slice.length()));
  }

  private Formula call(String function, Node node) {
    return new Formula.Whole(function, node.inputs().stream().map(this::of).toList());
  }

  private Formula fold(Reduction reduction, Node node) {
    Formula of = of(node.input(0));
    Node input = node.input(0);
    List<Integer> axes = reduction.axes();
    int last = input.shape().rank() - 1;
    @Nullable String step =
        base(input).op() instanceof Result && axes.getFirst() == 0
            ? steps.get(base(input).input(0))
            : null;
    String places =
        axes.equals(List.of(last)) && last > 0
            ? "row"
            : axes.stream()
                .map(axis -> step != null && axis == 0 ? step : input.shape().size(axis).toString())
                .collect(Collectors.joining(","));
    boolean scalar = node.shape().rank() == 0;
    if (of instanceof Formula.Number && (reduction instanceof Sum || reduction instanceof Max)) {
      return axes.stream()
          .filter(ignored -> reduction instanceof Sum)
          .map(axis -> extent(input.shape().size(axis)))
          .reduce(of, ALGEBRA::multiply);
    }
    return reduction instanceof Sum
        ? ALGEBRA.multiply(
            FormulaAlgebra.scalars(of),
            new Formula.Fold(reduction.name(), places, FormulaAlgebra.withoutScalars(of), scalar))
        : new Formula.Fold(reduction.name(), places, of, scalar);
  }

  /** Scalars stand in front of a product of matrices. */
  private Formula product(Product product, Node node) {
    Formula left = of(node.input(0));
    Formula right = of(node.input(1));
    List<Integer> summed = new ArrayList<>(product.left());
    summed.addAll(product.right());
    summed.removeAll(product.result());
    if (summed.isEmpty() || isZero(left) || isZero(right)) {
      return ALGEBRA.multiply(left, right);
    }
    Formula scalars = ALGEBRA.multiply(FormulaAlgebra.scalars(left), FormulaAlgebra.scalars(right));
    return ALGEBRA.multiply(
        scalars,
        isTurnedAround(product)
            ? matmul(right, product.right(), left, product.left(), product.result())
            : matmul(left, product.left(), right, product.right(), product.result()));
  }

  private static Formula matmul(
      Formula left,
      List<Integer> ofLeft,
      Formula right,
      List<Integer> ofRight,
      List<Integer> result) {
    return new Formula.Matmul(
        FormulaAlgebra.withoutScalars(left),
        ofLeft.size() > 1 && result.contains(ofLeft.getLast()),
        FormulaAlgebra.withoutScalars(right),
        ofRight.size() > 1 && !result.contains(ofRight.getLast()));
  }

  /** Whether the result's last axis is the left operand's alone. */
  private static boolean isTurnedAround(Product product) {
    if (product.result().isEmpty()) {
      return false;
    }
    int last = product.result().getLast();
    return !product.right().contains(last)
        && product.result().stream().anyMatch(label -> !product.left().contains(label));
  }

  /** Whether all elements are one known number. */
  boolean isNumber(Node node) {
    return of(node) instanceof Formula.Number;
  }

  boolean isOne(Node node) {
    return of(node) instanceof Formula.Number number && number.value() == 1;
  }

  static boolean isZero(Formula formula) {
    return formula instanceof Formula.Number number && number.value() == 0;
  }
}
