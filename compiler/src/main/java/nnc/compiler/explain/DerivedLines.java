package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import nnc.compiler.ir.Node;
import nnc.compiler.source.Span;

/**
 * Which lines a derivation has for which values. Passes make other nodes of them, which keep names and places: by these a line
 * is found again.
 */
final class DerivedLines {
  /** What gradients are called in the graph, and what lies between a value's gradient and that of its operand. */
  static final String GRADIENT = "d_";

  static final String BETWEEN = "delta_";

  private record Value(Line.Equation line, Optional<String> place, List<?> sizes) {}

  private final Map<String, List<Value>> byLabel = new HashMap<>();
  private final Map<Formula.Name, Line.Equation> byName = new HashMap<>();

  void add(List<String> labels, Line.Equation line, Node node) {
    byName.putIfAbsent(line.left(), line);
    for (String label : labels) {
      byLabel
          .computeIfAbsent(label, ignored -> new ArrayList<>())
          .add(new Value(line, place(node), sizes(node)));
    }
  }

  Optional<Line.Equation> line(Formula.Name name) {
    return Optional.ofNullable(byName.get(name));
  }

  Collection<Line.Equation> lines() {
    return byName.values();
  }

  /**
   * The line of a value, if it is plain which that is.
   *
   * @param inBody whether the value is one of each step of a recurrence
   */
  Optional<Line.Equation> line(Node node, boolean inBody) {
    List<Value> found = label(node).map(byLabel::get).orElse(List.of());
    for (Predicate<Value> same :
        List.<Predicate<Value>>of(
            value -> value.line().left().gradient() == node.gradientOf().isPresent(),
            value -> value.line().depth() > 0 == inBody,
            value -> value.place().equals(place(node)),
            value -> value.sizes().equals(sizes(node)))) {
      if (found.size() > 1) {
        found = found.stream().filter(same).toList();
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst().line()) : Optional.empty();
  }

  private static Optional<String> place(Node node) {
    return node.place().map(Span::place);
  }

  private static List<?> sizes(Node node) {
    return Names.withoutOnes(node.shape());
  }

  static Optional<String> label(Node node) {
    return node.label().or(() -> node.gradientOf().flatMap(Node::label).map(of -> BETWEEN + of));
  }

  /** What a value without a line is called: in the manner of the derivation, d_x as δx, delta_x as δx*. */
  Formula.Name name(Node node) {
    String name = node.shownName();
    boolean scalar = node.shape().rank() == 0;
    if (node.gradientOf().isPresent()) {
      if (name.startsWith(GRADIENT)) {
        return new Formula.Name(name.substring(GRADIENT.length()), true, "", scalar);
      }
      if (name.startsWith(BETWEEN)) {
        String of = name.substring(BETWEEN.length());
        return new Formula.Name(of + Formula.Name.BEFORE, true, "", scalar);
      }
    }
    return new Formula.Name(name, false, "", scalar);
  }
}
