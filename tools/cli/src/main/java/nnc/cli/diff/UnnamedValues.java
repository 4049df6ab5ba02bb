package nnc.cli.diff;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;

/** Names of values that the author gave none: an op and the number of the node, which is another one in another model. */
final class UnnamedValues {
  private final Map<String, String> ops = new HashMap<>();
  private final Pattern numbered;

  UnnamedValues(Side side) {
    for (Node node : new NodeIds(side.compilation().optimized()).nodes()) {
      if (node.label().isEmpty()) {
        ops.put(node.shownName(), node.op().name());
      }
    }
    numbered =
        Pattern.compile(
            ops.values().stream()
                .distinct()
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?<![A-Za-z0-9.])(?:", ")\\d+")));
  }

  /** Names of the author keep their numbers. */
  String withoutNumbers(String text) {
    return numbered
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(ops.getOrDefault(found.group(), found.group())));
  }
}
