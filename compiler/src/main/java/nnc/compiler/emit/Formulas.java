package nnc.compiler.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Variable;
import nnc.compiler.plan.Kernel;

/** The formulas of a kernel as mathematics: a line for each value with a name. */
public final class Formulas {
  private static final int LONGEST_UNNAMED = 40;
  private static final int LONGEST_LINE = 1000;

  private final Map<Node, Term> texts = new HashMap<>();
  private final Map<Node, Integer> uses = new HashMap<>();
  private final List<String> lines = new ArrayList<>();
  private int unnamed;

  private Formulas() {}

  /** What a kernel computes, line by line. */
  public static List<String> of(Kernel kernel) {
    Formulas formulas = new Formulas();
    switch (kernel) {
      case Kernel.Loop loop -> {
        loop.product()
            .ifPresent(head ->
                formulas.define(head.node(), product(head.node()), loop.body().nodes().isEmpty()));
        formulas.lines(loop.body());
        loop.sparse()
            .forEach(table ->
                formulas.lines.add(
                    "of "
                        + table.path()
                        + " only the rows that ids name: 0 changes none of the others"));
      }
      case Kernel.Total total -> {
        formulas.lines(total.body());
        formulas.lines.add(
            total.result().name() + " = sum(" + formulas.text(total.summand()) + ")");
      }
      case Kernel.Columns columns ->
          formulas.lines.add(
              columns.result().name()
                  + " = "
                  + (columns.sum() ? "sum" : "max")
                  + " over rows of "
                  + columns.source().name());
      case Kernel.Copy copy ->
          formulas.lines.add(copy.result().name() + " = " + plain(copy.head().subject()));
      case Kernel.Overlaps overlaps ->
          formulas.lines.add(
              overlaps.result().name()
                  + " = overlapping windows of "
                  + overlaps.buffer().name()
                  + ", added");
      case Kernel.Recurrence recurrence ->
          formulas.lines.add(
              recurrence.reverse()
                  ? "from the last step to the first"
                  : "from the first step to the last");
      case Kernel.Items items ->
          formulas.lines.add("each of " + items.count() + " items by itself");
      case Kernel.Pack pack ->
          formulas.lines.add(
              name(pack.product().node().input(1)) + ", packed once for the products of all steps");
      case Kernel.Draw draw ->
          formulas.lines.add(
              draw.result().name()
                  + " = ids drawn by the weights "
                  + name(draw.head().subject().input(0)));
      case Kernel.Gather gather -> {
        Node node = gather.head().subject();
        formulas.lines.add(
            gather.result().name() + " = " + name(node.input(0)) + "[" + name(node.input(1)) + "]");
      }
      case Kernel.ScatterAdd scatter -> {
        List<Node> inputs = scatter.head().subject().inputs();
        formulas.lines.add(scatter.result().name() + " = 0");
        for (int i = 0; i < inputs.size(); i += 2) {
          formulas.lines.add(
              scatter.result().name()
                  + "["
                  + name(inputs.get(i))
                  + "] += "
                  + name(inputs.get(i + 1)));
        }
      }
      case Kernel.Fill fill ->
          formulas.lines.add(fill.result().name() + " = uniform random numbers from [0, 1)");
    }
    return formulas.lines;
  }

  private static String plain(Node node) {
    return node.op() instanceof Leaf || node.inputs().isEmpty()
        ? name(node)
        : node.op().name() + " of " + name(node.input(0));
  }

  private void lines(Kernel.LoopBody body) {
    for (Node node : body.nodes()) {
      node.inputs().forEach(input -> uses.merge(base(input), 1, Integer::sum));
    }
    for (Node node : body.nodes()) {
      Term term = term(node);
      boolean stored = body.stores().stream().anyMatch(store -> store.node() == node);
      boolean reused = uses.getOrDefault(node, 0) > 1 && term.text().length() > LONGEST_UNNAMED;
      define(
          node,
          term,
          stored
              || reused
              || term.text().length() > LONGEST_LINE
              || node.op() instanceof Reduction && uses.getOrDefault(node, 0) > 1);
    }
  }

  private void define(Node node, Term term, boolean line) {
    if (!line) {
      texts.put(node, term);
      return;
    }
    String name =
        node.label().isPresent() || node.gradientOf().flatMap(Node::label).isPresent()
            ? node.shownName()
            : "t" + ++unnamed;
    lines.add(name + " = " + term);
    texts.put(node, Term.atom(name));
  }

  private Term term(Node node) {
    return switch (node.op()) {
      case Elementwise op ->
          op.formula(MathText.INSTANCE, node.inputs().stream().map(this::text).toList());
      case Reduction reduction ->
          Term.atom(reductionName(reduction) + "(" + text(node.input(0)) + ")");
      default -> named(node);
    };
  }

  /** A size may be a product: 64 * B. */
  private Term named(Node node) {
    String name = name(node);
    boolean product = node.op() instanceof Extent && name.contains("*");
    return product ? new Term(name, Term.PRODUCT) : Term.atom(name);
  }

  private static String reductionName(Reduction reduction) {
    return switch (reduction) {
      case nnc.compiler.ir.Sum ignored -> "sum";
      case Max ignored -> "max";
      case ArgMax ignored -> "argmax";
    };
  }

  private Term text(Node node) {
    if (node.constantValue().isPresent()) {
      return MathText.INSTANCE.constant(node.constantValue().get());
    }
    Node base = base(node);
    Term known = texts.get(base);
    if (known != null) {
      return known;
    }
    return base.shape().rank() == 0 && base.op() instanceof Elementwise && base.label().isEmpty()
        ? term(base)
        : named(node);
  }

  private static Node base(Node node) {
    Node base = node;
    while (base.op() instanceof Broadcast || base.op() instanceof Reshape) {
      base = base.input(0);
    }
    return base;
  }

  /** {@code x . W}, {@code x^T . delta}. */
  private static Term product(Node node) {
    Product product = (Product) node.op();
    boolean leftTurned =
        !product.left().isEmpty()
            && product.result().contains(product.left().getLast())
            && product.left().size() > 1;
    boolean rightTurned =
        !product.right().isEmpty()
            && !product.result().contains(product.right().getLast())
            && product.right().size() > 1;
    return new Term(
        name(node.input(0))
            + (leftTurned ? "^T" : "")
            + " . "
            + name(node.input(1))
            + (rightTurned ? "^T" : ""),
        Term.PRODUCT);
  }

  static String name(Node node) {
    Node base = base(node);
    return switch (base.op()) {
      case Variable variable -> base.label().orElse(variable.variable());
      case Extent extent -> extent.size().toString();
      case nnc.compiler.ir.Iota ignored -> "place";
      case Permute ignored -> base.label().orElseGet(() -> name(base.input(0)) + "^T");
      default -> base.shownName();
    };
  }
}
