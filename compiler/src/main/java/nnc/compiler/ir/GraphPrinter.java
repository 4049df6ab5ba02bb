package nnc.compiler.ir;

import java.util.stream.Collectors;

/** A graph as text: a line a node, in an order that a reader can follow, with its shape and the place it comes from. */
public final class GraphPrinter {
  private GraphPrinter() {}

  public static String print(Graph graph) {
    StringBuilder text = new StringBuilder();
    for (Node node : graph.nodes()) {
      String inputs =
          node.inputs().stream().map(input -> "%" + input.id()).collect(Collectors.joining(", "));
      String line =
          "%-5s %-34s %-20s".formatted("%" + node.id(), op(node) + " " + inputs, node.type());
      text.append(line);
      StringBuilder remark = new StringBuilder();
      node.label().ifPresent(label -> remark.append(' ').append(label));
      node.gradientOf()
          .ifPresent(of ->
              remark
                  .append(" (gradient of %")
                  .append(of.id())
                  .append(", rule of ")
                  .append(of.op().name())
                  .append(')'));
      node.place().ifPresent(place -> remark.append("  ").append(place.place()));
      text.append(remark).append('\n');
    }
    graph
        .roots()
        .forEach((name, node) -> text.append(name).append(" = %").append(node.id()).append('\n'));
    return text.toString()
        .lines()
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** An op with what it does, as {@code sum over 1}. */
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
