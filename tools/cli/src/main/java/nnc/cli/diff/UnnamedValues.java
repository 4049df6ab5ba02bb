package nnc.cli.diff;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;

/** Names of values that the author gave none: an op and the number of the node, which is another one in another model. */
final class UnnamedValues {
  private final Pattern name;

  UnnamedValues(Side a, Side b) {
    String ops =
        Stream.of(a, b)
            .flatMap(side -> nodes(side).stream())
            .filter(node -> node.label().isEmpty())
            .map(node -> Pattern.quote(node.op().name()))
            .distinct()
            .collect(Collectors.joining("|"));
    name = Pattern.compile("(?<![A-Za-z0-9.])(" + ops + ")\\d+");
  }

  private static List<Node> nodes(Side side) {
    return new NodeIds(side.compilation().optimized()).nodes();
  }

  String withoutNumbers(String text) {
    return name.matcher(text).replaceAll("$1");
  }
}
