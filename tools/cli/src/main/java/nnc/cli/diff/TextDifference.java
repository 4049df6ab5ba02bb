package nnc.cli.diff;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.Patch;
import java.util.List;
import java.util.function.Function;

/** Lines of two texts: what is the same, what only one of them has. In the unified form of diff. */
final class TextDifference {
  private static final int CONTEXT = 2;

  /** The two lines that name the files. */
  private static final int HEADER = 2;

  private TextDifference() {}

  /** Empty if the texts are equal. */
  static List<String> of(List<String> a, List<String> b) {
    return of(a, b, Function.identity(), Function.identity());
  }

  /**
   * Lines with equal keys are taken as equal.
   *
   * @param keyA of a line of A
   */
  static List<String> of(
      List<String> a,
      List<String> b,
      Function<String, String> keyA,
      Function<String, String> keyB) {
    Patch<String> patch =
        DiffUtils.diff(a, b, (first, second) -> keyA.apply(first).equals(keyB.apply(second)));
    List<String> lines = UnifiedDiffUtils.generateUnifiedDiff("a", "b", a, patch, CONTEXT);
    return lines.size() <= HEADER ? List.of() : List.copyOf(lines.subList(HEADER, lines.size()));
  }
}
