package nnc.compiler.plan;

import nnc.compiler.ir.Node;

/** Where a formula in a loop finds one of its inputs. */
public sealed interface Operand {
  /** Computed in this kernel, at this place. */
  record Computed(Node node) implements Operand {}

  /** Read from memory. */
  record Load(Buffer buffer, Access access) implements Operand {}

  /** A number that is known now. */
  record Known(double value, boolean truth) implements Operand {}

  /** A number that is known when the kernel starts: sizes, steps and formulas of them, in double precision. */
  record Setting(Node node) implements Operand {}

  /** The place itself: what a load would use as index is the value. */
  record Place(Access access) implements Operand {}
}
