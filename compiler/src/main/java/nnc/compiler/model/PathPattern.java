package nnc.compiler.model;

import java.util.regex.Pattern;
import nnc.runtime.Turn;

/** Which parameters {@code freeze} or an optimizer means: a path in which a star stands for any text. */
record PathPattern(String text) {
  boolean matches(String path) {
    StringBuilder regex = new StringBuilder();
    for (String part : text.split("\\*", -1)) {
      regex
          .append(regex.isEmpty() ? "" : ".*")
          .append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
    }
    return path.matches(regex.toString());
  }

  /** Whether it means the parameter in every turn. */
  boolean matches(TypedModel.Parameter parameter) {
    return parameter.turns().stream().allMatch(turn -> matches(turn.path()));
  }

  /** Whether it means some of the turns only. */
  boolean divides(String path, int[] turns) {
    return Turn.of(path, turns).stream().map(turn -> matches(turn.path())).distinct().count() > 1;
  }
}
