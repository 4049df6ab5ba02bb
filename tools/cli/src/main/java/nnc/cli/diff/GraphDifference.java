package nnc.cli.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Uniform;

/**
 * What of a graph another one does not have, has more, or has otherwise.
 *
 * @param entries in the order of the graphs
 * @param roots what outputs, loss and metrics are now, where they are other values
 */
public record GraphDifference(List<Entry> entries, List<String> roots) {
  /** What became of an operation. */
  public enum Kind {
    ALIKE,
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * An operation.
   *
   * @param line as inspect prints it, of B where B has it
   * @param differences of what changed: in what
   */
  public record Entry(Kind kind, String line, List<String> differences) {
    boolean differs() {
      return kind != Kind.ALIKE;
    }
  }

  public GraphDifference {
    entries = List.copyOf(entries);
    roots = List.copyOf(roots);
  }

  /** @param wanted which nodes are looked at */
  static GraphDifference of(Graph a, Graph b, GraphAlignment alignment, Predicate<Node> wanted) {
    Map<Node, String> linesA = GraphPrinter.lines(a);
    Map<Node, String> linesB = GraphPrinter.lines(b);
    List<Entry> entries = new ArrayList<>();
    for (Alignment.Pair<Node> pair : alignment.pairs()) {
      if (pair.a().filter(wanted).or(() -> pair.b().filter(wanted)).isEmpty()) {
        continue;
      }
      if (pair.a().isPresent() && pair.b().isPresent()) {
        Node second = pair.b().get();
        List<String> differences = alignment.differences(pair.a().get(), second);
        if (isOperation(second) || !differences.isEmpty()) {
          Kind kind = differences.isEmpty() ? Kind.ALIKE : Kind.CHANGED;
          entries.add(new Entry(kind, Known.in(linesB, second), differences));
        }
      } else {
        pair.a()
            .filter(GraphDifference::isOperation)
            .ifPresent(
                node -> entries.add(new Entry(Kind.REMOVED, Known.in(linesA, node), List.of())));
        pair.b()
            .filter(GraphDifference::isOperation)
            .ifPresent(
                node -> entries.add(new Entry(Kind.ADDED, Known.in(linesB, node), List.of())));
      }
    }
    return new GraphDifference(entries, List.of());
  }

  /** The whole of two graphs with their roots: outputs, loss, metrics. */
  static GraphDifference ofWhole(Graph a, Graph b, GraphAlignment alignment) {
    List<String> roots = new ArrayList<>();
    a.roots()
        .forEach((name, node) -> {
          Node other = b.roots().get(name);
          if (!name.contains("#") && (other == null || !alignment.isSame(node, other))) {
            roots.add(name + (other == null ? " is gone" : " is another value"));
          }
        });
    b.roots().keySet().stream()
        .filter(name -> !name.contains("#") && !a.roots().containsKey(name))
        .forEach(name -> roots.add(name + " is new"));
    return new GraphDifference(of(a, b, alignment, _ -> true).entries(), roots);
  }

  /** Whether a node computes something: no number or variable, no reading of what a loop computes. */
  static boolean isOperation(Node node) {
    return node.op() instanceof Uniform
        || !(node.op() instanceof Leaf || node.op() instanceof Result);
  }

  long count(Kind kind) {
    return entries.stream().filter(entry -> entry.kind() == kind).count();
  }

  boolean isEmpty() {
    return roots.isEmpty() && entries.stream().noneMatch(Entry::differs);
  }
}
