package nnc.compiler.ir;

import java.util.Locale;

/** Inside a {@link Body}: a value that is another one at each step. */
public record Slot(Role role, int number, Type type) implements Leaf {
  /** Where the value comes from. */
  public enum Role {
    /** A state, as the step before left it. */
    PREVIOUS,
    /** The step's own part of a sequence from outside. */
    STEP,
    /** A value from outside, the same at every step. */
    WHOLE
  }

  @Override
  public String name() {
    return role.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return name() + " " + number;
  }
}
