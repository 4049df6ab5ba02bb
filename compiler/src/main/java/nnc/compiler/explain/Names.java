package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;

/** What values and gradients are called: as by the author, with a number where several have one name. */
final class Names {
  private final Map<String, Integer> values = new HashMap<>();
  private final Map<String, Integer> gradients = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** Values that a gradient is still to come for, by what the author calls them. */
  private final Map<String, List<Value>> waiting = new HashMap<>();

  private record Value(String name, List<Size> sizes) {}

  /** The label itself the first time, then with a number. */
  String value(String label) {
    return numbered(label, values.merge(label, 1, Integer::sum));
  }

  /** A gradient will come for the value of this name, under this label. */
  void receives(String name, String label, Shape shape) {
    waiting
        .computeIfAbsent(label, ignored -> new ArrayList<>())
        .add(new Value(name, withoutOnes(shape)));
  }

  /** An axis of size 1 may come or go on the way. */
  static List<Size> withoutOnes(Shape shape) {
    return shape.sizes().stream().filter(size -> !size.equals(Size.of(1))).toList();
  }

  /** Of values with one label the last is the first to receive its gradient. */
  String gradient(String label, Shape shape) {
    List<Value> values = waiting.getOrDefault(label, List.of());
    for (int i = values.size() - 1; i >= 0; i--) {
      if (values.get(i).sizes().equals(withoutOnes(shape))) {
        String name = values.get(i).name();
        values.removeIf(value -> value.name().equals(name));
        taken.add(name);
        return name;
      }
    }
    return between(label);
  }

  /** A gradient that is no named value's. */
  String between(String label) {
    String name;
    do {
      name = numbered(label, gradients.merge(label, 1, Integer::sum));
    } while (!taken.add(name));
    return name;
  }

  private static String numbered(String name, int count) {
    return count == 1 ? name : name + "_" + count;
  }
}
