package nnc.cli.diff;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;

/**
 * Layers that do the same in both models under other names.
 *
 * @param layers what each is called in B, by its path in A
 */
record Renaming(Map<String, String> layers) {
  /** A name stands alone, behind what marks its gradient, or second in a kernel of two values. */
  private static final String BEGIN = "(?:(?<![A-Za-z0-9._])|(?<=_and_))((?:d_|delta_)*)";

  Renaming {
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
  }

  /**
   * A layer has another name if all its nodes are opposite all nodes of one layer.
   */
  static Renaming of(List<Alignment.Pair<Node>> pairs) {
    Map<String, Set<String>> inB = new LinkedHashMap<>();
    Map<String, Set<String>> inA = new LinkedHashMap<>();
    for (Alignment.Pair<Node> pair : pairs) {
      String before = pair.a().map(Renaming::layer).orElse("");
      String now = pair.b().map(Renaming::layer).orElse("");
      inB.computeIfAbsent(before, _ -> new LinkedHashSet<>()).add(now);
      inA.computeIfAbsent(now, _ -> new LinkedHashSet<>()).add(before);
    }
    inB.remove("");
    Map<String, String> layers = new LinkedHashMap<>();
    inB.forEach((path, others) -> {
      String other = others.iterator().next();
      if (others.size() == 1
          && !other.isEmpty()
          && !other.equals(path)
          && Set.of(path).equals(inA.get(other))) {
        layers.put(path, other);
      }
    });
    return new Renaming(layers);
  }

  /** The layer that a node is computed in; empty if it is in none, or in several. */
  private static String layer(Node node) {
    return node.layers().size() == 1 ? node.layers().getFirst() : "";
  }

  /** What a path of A, of a layer or a parameter in one, is in B; empty if another layer is called so there. */
  Optional<String> path(String path) {
    Optional<String> before = innermost(path, layers.keySet());
    Optional<String> now = before.map(layer -> Known.in(layers, layer));
    String inB = now.map(layer -> layer + path.substring(before.get().length())).orElse(path);
    return Optional.of(inB).filter(_ -> innermost(inB, layers.values()).equals(now));
  }

  /** Of some layers the innermost that a path is, or is in. */
  private static Optional<String> innermost(String path, Collection<String> layers) {
    String layer = path;
    while (!layers.contains(layer)) {
      if (!layer.contains(".")) {
        return Optional.empty();
      }
      layer = layer.substring(0, layer.lastIndexOf('.'));
    }
    return Optional.of(layer);
  }

  /** A text about A with the names of B: {@code d_dense3.W} is {@code d_dense4.W}. */
  String text(String text) {
    if (layers.isEmpty()) {
      return text;
    }
    Map<String, String> names = new HashMap<>();
    layers.forEach((from, to) -> {
      names.put(from, to);
      names.put(from.replace('.', '_'), to.replace('.', '_'));
    });
    Pattern any =
        Pattern.compile(
            names.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|", BEGIN + "(", ")(?![A-Za-z0-9])")));
    return any.matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(found.group(1) + Known.in(names, found.group(2))));
  }
}
