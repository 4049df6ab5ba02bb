package nnc.compiler.ir;

import java.util.Locale;

/**
 * What an element is. In memory all three are floats: an {@code i32} is a whole number of at most 24 bits, a {@code
 * bool} is 0 or 1.
 */
public enum ElementType {
  F32,
  I32,
  BOOL;

  /** The name in .nn text. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
