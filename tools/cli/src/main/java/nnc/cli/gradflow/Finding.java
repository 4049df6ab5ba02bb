package nnc.cli.gradflow;

import java.util.List;
import java.util.Locale;

/**
 * A judgement on a part of a model.
 *
 * @param where the layers, or the recurrence, it is about
 * @param text figures
 */
record Finding(Kind kind, Scope scope, List<String> where, String text) {

  /** What is judged. */
  enum Scope {
    /** From layer to layer. */
    DEPTH,
    /** From step to step of a recurrence. */
    TIME,
    /** The outputs of one layer. */
    UNITS
  }

  enum Kind {
    HEALTHY,
    FADING,
    VANISHING,
    /** Nothing comes back at all. */
    BLOCKED,
    EXPLODING,
    DEAD,
    SATURATED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean bad() {
    return kind != Kind.HEALTHY;
  }

  @Override
  public String toString() {
    return kind.word() + ": " + text;
  }
}
