package nnc.cli.diff;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.DeltaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Two sequences side by side: as many equal elements as can be opposite each other without changing the order (Myers 1986).
 * What is left between them is compared again by a weaker notion of equality, and so on.
 */
final class Alignment<T> {
  /** Elements that stand opposite each other, or one that stands alone. */
  record Pair<T>(Optional<T> a, Optional<T> b) {}

  private final List<Pair<T>> pairs = new ArrayList<>();

  private Alignment() {}

  /** @param keys equal elements have equal keys; the strictest notion first */
  static <T> List<Pair<T>> of(List<T> a, List<T> b, List<Function<T, String>> keys) {
    Alignment<T> alignment = new Alignment<>();
    alignment.align(a, b, keys);
    return List.copyOf(alignment.pairs);
  }

  private void align(List<T> a, List<T> b, List<Function<T, String>> keys) {
    if (a.isEmpty() || b.isEmpty() || keys.isEmpty()) {
      a.forEach(each -> pairs.add(new Pair<>(Optional.of(each), Optional.empty())));
      b.forEach(each -> pairs.add(new Pair<>(Optional.empty(), Optional.of(each))));
      return;
    }
    Function<T, String> key = keys.getFirst();
    for (AbstractDelta<String> delta :
        DiffUtils.diff(a.stream().map(key).toList(), b.stream().map(key).toList(), true)
            .getDeltas()) {
      List<T> partA = part(a, delta.getSource().getPosition(), delta.getSource().size());
      List<T> partB = part(b, delta.getTarget().getPosition(), delta.getTarget().size());
      if (delta.getType() == DeltaType.EQUAL) {
        for (int i = 0; i < partA.size(); i++) {
          pairs.add(new Pair<>(Optional.of(partA.get(i)), Optional.of(partB.get(i))));
        }
      } else {
        align(partA, partB, keys.subList(1, keys.size()));
      }
    }
  }

  private static <T> List<T> part(List<T> list, int from, int size) {
    return list.subList(from, from + size);
  }
}
