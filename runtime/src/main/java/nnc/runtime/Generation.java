package nnc.runtime;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a model's generate block says: which input takes the symbols that have been generated so far, and how the next one is
 * chosen.
 *
 * @param input takes whole numbers [B, T]
 * @param start the symbol that every sequence begins with, which is fed and not returned
 * @param stop the symbol that ends a sequence, which is not returned either
 * @param limit how many symbols are generated at most
 * @param never symbols that are never chosen
 */
public record Generation(
    String input,
    OptionalInt start,
    OptionalInt stop,
    int limit,
    List<Integer> never,
    Search search) {
  /**
   * The name in {@link Signature#values} of what the next symbol is chosen by: scores [B, T, V], at each place of the symbol that
   * follows, or [B, V], of the symbol that follows a window.
   */
  public static final String SCORES = "scores";

  public Generation {
    never = List.copyOf(never);
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit + " symbols");
    }
  }
}
