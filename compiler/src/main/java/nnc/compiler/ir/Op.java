package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node computes. Everything that is true of one op alone lives with it; the kinds are sealed, so that whoever
 * treats kinds differently is told by the compiler when one is added.
 */
public sealed interface Op
    permits Leaf, Elementwise, Product, Reduction, RowOp, ShapeOp, OverlapAdd, Structured {

  /** The name in printed graphs. */
  String name();

  /** The shape rule. The lowering has told the user of mismatches; a violation here is a defect of the compiler. */
  Type infer(List<Type> inputs);

  /**
   * The gradient rule: what each input receives, given what the result receives.
   *
   * @param self the node whose rule this is
   * @param upstream the gradient of the differentiated scalar by {@code self}, of the same shape
   * @return one entry an input, null where none flows
   */
  List<@Nullable Node> gradient(Node self, Node upstream);

  /** Checks an invariant of a shape rule. */
  static void require(boolean holds, String invariant) {
    if (!holds) {
      throw new IllegalArgumentException("op: " + invariant);
    }
  }
}
