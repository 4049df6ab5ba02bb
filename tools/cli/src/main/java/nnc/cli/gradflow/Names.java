package nnc.cli.gradflow;

import nnc.compiler.model.TypedModel;
import nnc.runtime.Turn;

/** What rows are called. */
final class Names {
  private Names() {}

  /** A path without the places of turns. */
  static String shown(String path) {
    return TypedModel.shown(path);
  }

  /** {@code block2.self}, {@code dense3 (logits)}. @param turn from 0 */
  static String of(Tap tap, int turn) {
    String path = numbered(tap, turn);
    return tap.alias().isEmpty() ? path : path + " (" + tap.alias() + ")";
  }

  private static String numbered(Tap tap, int turn) {
    String path = tap.path();
    int left = turn;
    int block = tap.turns();
    int unnumbered = 0;
    for (Tap.Loop loop : tap.loops()) {
      if (loop.turns()) {
        block /= loop.recur().length();
        if (path.contains(Turn.ANY)) {
          path = Turn.numbered(path, left / block + 1);
        } else {
          unnumbered = unnumbered * loop.recur().length() + left / block + 1;
        }
        left %= block;
      }
    }
    return unnumbered == 0 ? path : path + " turn " + unnumbered;
  }
}
