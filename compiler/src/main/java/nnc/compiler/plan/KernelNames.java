package nnc.compiler.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.SourceVersion;
import nnc.compiler.ir.Node;

/** Names of kernels and buffers: the author's own where there are any, each once, none a word of Java. */
final class KernelNames {
  private final Set<String> taken = new HashSet<>();

  /** A kernel that computes one value is called by it, of several by the first two, or by the first. */
  String kernel(List<Node> values) {
    String first = values.getFirst().shownName();
    return unique(
        identifier(
            switch (values.size()) {
              case 1 -> first;
              case 2 -> first + "_and_" + values.getLast().shownName();
              default -> first + "_and_" + (values.size() - 1) + "_more";
            }));
  }

  String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /** A legal Java name that reads like the text. */
  static String identifier(String text) {
    StringBuilder name = new StringBuilder();
    text.codePoints()
        .forEach(c ->
            name.appendCodePoint(
                Character.isJavaIdentifierPart(c) && c != '$' && !Character.isIdentifierIgnorable(c)
                    ? c
                    : '_'));
    if (name.isEmpty() || !Character.isJavaIdentifierStart(name.codePointAt(0))) {
      name.insert(0, '_');
    }
    return SourceVersion.isName(name) && !name.toString().equals("_")
        ? name.toString()
        : name + "_";
  }
}
