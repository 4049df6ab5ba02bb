package nnc.compiler.grad;

import static java.util.stream.Collectors.partitioningBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Slot;

/**
 * Which values of a loop's body its gradient reads from what the forward loop keeps of all steps, and which are made again. Moves,
 * comparisons and loops always are; arithmetic is where nothing more has to be kept for it, or one value for several of
 * them. Products, reductions and functions such as exp are never computed twice.
 */
final class Residuals {
  private final Predicate<Node> varies;
  private final int recomputed;
  private final Set<Node> kept = new HashSet<>();
  private final Map<Node, Set<Node>> sources = new HashMap<>();

  /**
   * @param roots what the gradient consists of
   * @param varies whether a node is a value of the forward body that differs by step
   * @param recomputes whether arithmetic is made again where that is worth it; else all that is read is kept
   */
  Residuals(Collection<Node> roots, Predicate<Node> varies, boolean recomputes) {
    this.varies = varies;
    List<Node> read = read(roots);
    Map<Boolean, List<Node>> again =
        read.stream().collect(partitioningBy(node -> recomputes && isArithmetic(node)));
    List<Node> arithmetic = Known.in(again, true);
    kept.addAll(Known.in(again, false));
    Map<Node, Integer> uses = new HashMap<>();
    arithmetic.forEach(
        node -> sources(node).forEach(source -> uses.merge(source, 1, Integer::sum)));
    sources.clear();
    for (Node node : arithmetic) {
      List<Node> missing = sources(node).stream().filter(each -> !isKept(each)).toList();
      if (missing.size() > 1
          || missing.stream().anyMatch(each -> !isWorthKeeping(each, node, uses))) {
        kept.add(node);
        sources.put(node, Set.of(node));
      } else {
        kept.addAll(missing);
      }
    }
    recomputed = (int) arithmetic.stream().filter(node -> !kept.contains(node)).count();
  }

  /** How many values are made again. */
  int recomputed() {
    return recomputed;
  }

  boolean isKept(Node node) {
    return kept.contains(node) || node.op() instanceof Slot && varies.test(node);
  }

  /** What the gradient reads, inputs before users. */
  private List<Node> read(Collection<Node> roots) {
    Set<Node> wanted = new HashSet<>(roots);
    List<Node> read = new ArrayList<>();
    for (Node node : Graph.needed(List.copyOf(roots)).reversed()) {
      if (!wanted.contains(node)) {
        continue;
      }
      if (varies.test(node) && !isMadeAgain(node)) {
        read.add(node);
      } else {
        wanted.addAll(node.inputs());
      }
    }
    return read.reversed();
  }

  private static boolean isMadeAgain(Node node) {
    return node.op() instanceof ShapeOp
        || node.op() instanceof Recur // a loop in the loop runs again
        || node.op() instanceof Elementwise && node.type().element() == ElementType.BOOL;
  }

  private static boolean isArithmetic(Node node) {
    return node.op() instanceof Elementwise
        && !(node.op() instanceof MathOp op && !op.function().instruction());
  }

  /** The values a node can be made again from. */
  private Set<Node> sources(Node node) {
    Set<Node> known = sources.get(node);
    if (known == null) {
      known = new LinkedHashSet<>();
      if (isArithmetic(node) || isMadeAgain(node)) {
        for (Node input : node.inputs()) {
          if (varies.test(input)) {
            known.addAll(sources(input));
          }
        }
      } else {
        known.add(node);
      }
      sources.put(node, known);
    }
    return known;
  }

  private static boolean isWorthKeeping(Node source, Node instead, Map<Node, Integer> uses) {
    long size = source.shape().elements().maximum();
    long other = instead.shape().elements().maximum();
    return size < other || size == other && Known.in(uses, source) > 1;
  }
}
