package nnc.cli.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;

/**
 * Which node of a graph is which of another. Nodes are opposite each other if they do the same, at the same shapes, under the
 * same name in the same layer; between those, if they do the same whatever they are called; and last, if they are at least of
 * one kind. Numbers, sizes and variables have no place in the order: they are the same if they say the same.
 */
final class GraphAlignment {
  /** What is equal, the strictest notion first. */
  private static final List<Function<Node, String>> KEYS =
      List.of(
          node ->
              text(node)
                  + "|"
                  + type(node)
                  + node.label()
                  + node.layers()
                  + node.gradientOf().flatMap(Node::label),
          node -> text(node) + "|" + type(node),
          node -> node.op().name() + "|" + node.shape().rank());

  private final List<Alignment.Pair<Node>> pairs = new ArrayList<>();
  private final Map<Node, Node> opposite = new HashMap<>();
  private final Set<Node> found = new HashSet<>();
  private final Renaming renaming;
  private final Ids a;
  private final Ids b;

  /** What nodes of a graph are called, and the recurrences in whose bodies slots stand. */
  private static final class Ids {
    private final NodeIds ids;
    private final Map<Node, Node> recurrenceOf = new HashMap<>();

    Ids(Graph graph) {
      ids = new NodeIds(graph);
      for (Node node : ids.nodes()) {
        if (node.op() instanceof Recur recur) {
          recur.body().nodes().forEach(inner -> recurrenceOf.putIfAbsent(inner, node));
        }
      }
    }

    /** The values that a node is made of. */
    List<Node> read(Node node) {
      return switch (node.op()) {
        case Result result -> List.of(((Recur) node.input(0).op()).body().node(result.value()));
        case Slot slot -> {
          Node recurrence = Known.in(recurrenceOf, node);
          Recur recur = (Recur) recurrence.op();
          Node given = recurrence.input(recur.input(slot));
          yield slot.role() == Slot.Role.PREVIOUS
              ? List.of(given, recur.body().node(recur.next().get(slot.number())))
              : List.of(given);
        }
        case Recur _ -> List.of(); // its slots say what they stand for
        default -> node.inputs();
      };
    }

    private String name(Node node) {
      return isKnown(node)
          ? GraphPrinter.op(node)
          : node.op().name()
              + node.label().map(label -> " " + label).orElse("")
              + " %"
              + ids.of(node);
    }
  }

  private GraphAlignment(Graph first, Graph second) {
    a = new Ids(first);
    b = new Ids(second);
    align(first.nodes(), second.nodes());
    renaming = Renaming.of(pairs);
  }

  /** Two sequences of nodes; bodies of recurrences that are opposite each other stand behind them. */
  private void align(List<Node> ofA, List<Node> ofB) {
    for (Alignment.Pair<Node> pair : Alignment.of(ordered(ofA), ordered(ofB), KEYS)) {
      pairs.add(pair);
      if (pair.a().isPresent() && pair.b().isPresent()) {
        opposite.put(pair.a().get(), pair.b().get());
        found.add(pair.b().get());
      }
      List<Node> bodyA = pair.a().map(GraphAlignment::body).orElse(List.of());
      List<Node> bodyB = pair.b().map(GraphAlignment::body).orElse(List.of());
      align(bodyA, bodyB);
    }
  }

  private static List<Node> ordered(List<Node> nodes) {
    return nodes.stream().filter(node -> !isKnown(node) && !isVariable(node)).toList();
  }

  private static List<Node> body(Node node) {
    return node.op() instanceof Recur recur ? recur.body().nodes() : List.of();
  }

  static GraphAlignment of(Graph a, Graph b) {
    return new GraphAlignment(a, b);
  }

  /** All nodes but numbers, sizes and variables. */
  List<Alignment.Pair<Node>> pairs() {
    return List.copyOf(pairs);
  }

  Renaming renaming() {
    return renaming;
  }

  /** Whether a value of A is a value of B. */
  boolean isSame(Node ofA, Node ofB) {
    if (isKnown(ofA)) {
      return isKnown(ofB) && text(ofA).equals(text(ofB)) && type(ofA).equals(type(ofB));
    }
    if (ofA.op() instanceof Variable variable) {
      return ofB.op() instanceof Variable other
          && type(ofA).equals(type(ofB))
          && isCalled(variable, other);
    }
    return ofB.equals(opposite.get(ofA));
  }

  private boolean isCalled(Variable ofA, Variable ofB) {
    return renaming.path(ofA.variable()).equals(Optional.of(ofB.variable()));
  }

  /** In what two nodes that are opposite each other differ. */
  List<String> differences(Node ofA, Node ofB) {
    List<String> differences = new ArrayList<>();
    if (!text(ofA).equals(text(ofB))) {
      differences.add("was " + text(ofA) + ", " + ofA.type());
    } else if (!type(ofA).equals(type(ofB))) {
      differences.add("was " + ofA.type());
    }
    List<Node> before = a.read(ofA);
    List<Node> now = b.read(ofB);
    for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
      if (i >= before.size()) {
        differences.add("reads " + b.name(now.get(i)) + " too");
      } else if (i >= now.size()) {
        differences.add("no longer reads " + a.name(before.get(i)));
      } else if (!isSame(before.get(i), now.get(i)) && !isNamesake(before.get(i), now.get(i))) {
        differences.add("reads " + b.name(now.get(i)) + ", not " + a.name(before.get(i)));
      }
    }
    return differences;
  }

  /** Whether two values stand for each other though they are not the same: that is a difference of theirs, not of who reads them. */
  private boolean isNamesake(Node ofA, Node ofB) {
    if (ofA.op() instanceof Variable variable) {
      return ofB.op() instanceof Variable other && isCalled(variable, other);
    }
    return !opposite.containsKey(ofA)
        && !found.contains(ofB)
        && ofA.label().isPresent()
        && ofA.label().map(renaming::text).equals(ofB.label())
        && type(ofA).equals(type(ofB));
  }

  private static boolean isKnown(Node node) {
    return node.op() instanceof Constant
        || node.op() instanceof Extent
        || node.op() instanceof Iota;
  }

  private static boolean isVariable(Node node) {
    return node.op() instanceof Variable;
  }

  /** As it is written: the same whatever the size of a run-time dim. */
  private static String type(Node node) {
    return node.type().toString();
  }

  /** What a node does, without numbers that depend on where it stands. */
  private static String text(Node node) {
    return switch (node.op()) {
      case Result _, Slot _ -> node.op().name();
      default -> GraphPrinter.op(node);
    };
  }
}
