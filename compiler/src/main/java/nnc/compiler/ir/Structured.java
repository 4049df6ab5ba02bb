package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An op with a body graph, and the values that are taken from one. */
public sealed interface Structured extends Op permits Recur, Result {
  /** The body is differentiated as a whole, for all results at once: see the package {@code grad}. */
  @Override
  default List<@Nullable Node> gradient(Node self, Node upstream) {
    throw new IllegalStateException("grad: " + name() + " has no gradient rule of its own");
  }
}
