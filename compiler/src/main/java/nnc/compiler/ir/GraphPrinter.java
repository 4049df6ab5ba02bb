package nnc.compiler.ir;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * A graph as text: a line a node, in an order that a reader can follow, with its shape and the place it comes from. What a
 * recurrence does at each step stands below it.
 */
public final class GraphPrinter {
  private static final int LONGEST_OP = 60;
  private static final int LONGEST_TYPE = 40;

  private final NodeIds ids;
  private final Predicate<Node> wanted;
  private final List<Line> lines = new ArrayList<>();
  private final Map<Node, Line> lineOf = new LinkedHashMap<>();

  /** The recurrences in whose bodies slots stand. */
  private final Map<Node, Node> recurrenceOf = new HashMap<>();

  /** What wanted nodes read that are not wanted themselves. */
  private final Set<Node> outside = new LinkedHashSet<>();

  private record Line(String id, String op, String type, String remark) {
    String text(String format) {
      return format.formatted(id, op, type, remark).stripTrailing();
    }
  }

  private GraphPrinter(NodeIds ids, Predicate<Node> wanted) {
    this.ids = ids;
    this.wanted = wanted;
  }

  public static String print(Graph graph) {
    return print(graph, _ -> true);
  }

  /** @param wanted which nodes are printed; with them, apart, what they read of others */
  public static String print(Graph graph, Predicate<Node> wanted) {
    GraphPrinter printer = new GraphPrinter(new NodeIds(graph), wanted);
    printer.nodes(graph.nodes(), "");
    int inside = printer.lines.size();
    printer.outside.removeIf(wanted);
    printer.outside.forEach(node -> printer.line(node, ""));
    StringBuilder text = new StringBuilder(printer.text(0, inside));
    graph
        .roots()
        .forEach((name, node) -> {
          if (wanted.test(node)) {
            text.append(name).append(" = ").append(printer.id(node)).append('\n');
          }
        });
    if (inside < printer.lines.size()) {
      text.append("\nread from outside\n").append(printer.text(inside, printer.lines.size()));
    }
    return text.toString();
  }

  /** The line of each node, those of bodies among them. */
  public static Map<Node, String> lines(Graph graph) {
    GraphPrinter printer = new GraphPrinter(new NodeIds(graph), _ -> true);
    printer.nodes(graph.nodes(), "");
    String format = printer.format(printer.lines);
    Map<Node, String> lines = new LinkedHashMap<>();
    printer.lineOf.forEach((node, line) -> lines.put(node, line.text(format)));
    return lines;
  }

  private void nodes(List<Node> nodes, String indent) {
    for (Node node : nodes) {
      if (node.op() instanceof Recur recur) {
        if (wanted.test(node) || isWanted(recur.body().nodes())) {
          recur.body().nodes().forEach(inner -> recurrenceOf.put(inner, node));
          line(node, indent);
          nodes(recur.body().nodes(), indent + "  ");
          next(recur, indent + "  ");
        }
      } else if (wanted.test(node)) {
        line(node, indent);
        outside.addAll(read(node));
      }
    }
  }

  /** The values that a node is made of. */
  private List<Node> read(Node node) {
    return switch (node.op()) {
      case Result result -> List.of(((Recur) node.input(0).op()).body().node(result.value()));
      case Slot slot when recurrenceOf.containsKey(node) -> List.of(given(node, slot));
      default -> node.inputs();
    };
  }

  private Node given(Node node, Slot slot) {
    Node recurrence = Known.in(recurrenceOf, node);
    return recurrence.input(((Recur) recurrence.op()).input(slot));
  }

  private boolean isWanted(List<Node> body) {
    return body.stream()
        .anyMatch(node ->
            wanted.test(node)
                || node.op() instanceof Recur inner && isWanted(inner.body().nodes()));
  }

  private void next(Recur recur, String indent) {
    for (int state = 0; state < recur.states(); state++) {
      Node next = recur.body().node(recur.next().get(state));
      if (wanted.test(next)) {
        lines.add(new Line(indent + "next " + state + " = " + id(next), "", "", ""));
      }
    }
  }

  private void line(Node node, String indent) {
    String gradient =
        node.gradientOf()
            .map(of ->
                "(gradient of "
                    + ids.find(of).map(id -> "%" + id).or(of::label).orElse("a value")
                    + ", rule of "
                    + of.op().name()
                    + ")")
            .orElse("");
    String remark = (node.label().orElse("") + " " + gradient).strip();
    String place = node.place().map(span -> " " + span.place()).orElse("");
    remark += remark.isEmpty() || place.isEmpty() ? place : " " + place;
    Line line =
        new Line(
            indent + id(node),
            (op(node) + " " + inputs(node)).strip(),
            node.type().toString(),
            remark);
    lines.add(line);
    lineOf.put(node, line);
  }

  private String inputs(Node node) {
    if (!(node.op() instanceof Slot slot) || !recurrenceOf.containsKey(node)) {
      return node.inputs().stream().map(this::id).collect(joining(", "));
    }
    String given = id(given(node, slot));
    return switch (slot.role()) {
      case STEP -> "of " + given;
      case WHOLE -> "is " + given;
      case PREVIOUS -> {
        Recur recur = (Recur) Known.in(recurrenceOf, node).op();
        yield "is " + given + ", then " + id(recur.body().node(recur.next().get(slot.number())));
      }
    };
  }

  private String id(Node node) {
    return "%" + ids.of(node);
  }

  private String text(int from, int to) {
    List<Line> part = lines.subList(from, to);
    String format = format(lines);
    return part.stream().map(line -> line.text(format) + "\n").collect(joining());
  }

  /** Columns; what is much longer than its column moves the rest of its own line alone. */
  private static String format(List<Line> lines) {
    int id = width(lines, line -> line.op.isEmpty() ? 0 : line.id.length(), 5, Integer.MAX_VALUE);
    int op = width(lines, line -> line.op.length(), 34, LONGEST_OP);
    int type = width(lines, line -> line.type.length(), 20, LONGEST_TYPE);
    return "%-" + id + "s %-" + op + "s %-" + type + "s %s";
  }

  private static int width(List<Line> lines, ToIntFunction<Line> length, int least, int most) {
    return lines.stream().mapToInt(length).filter(each -> each <= most).reduce(least, Math::max);
  }

  /** What a node does, in words, without its inputs. */
  public static String op(Node node) {
    return switch (node.op()) {
      case Elementwise op -> op.name();
      case Leaf leaf -> leaf.toString();
      case Product product -> product.toString();
      case Reduction reduction -> reduction.toString();
      case OverlapAdd add -> add.toString();
      case RowOp rows -> rows.toString();
      case Structured structured -> structured.toString();
      case ShapeOp move -> move instanceof Reshape ? "reshape" : move.toString();
    };
  }
}
