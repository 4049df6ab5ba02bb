package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An op without inputs. */
public sealed interface Leaf extends Op permits Constant, Extent, Iota, Slot, Uniform, Variable {
  Type type();

  @Override
  default Type infer(List<Type> inputs) {
    Op.require(inputs.isEmpty(), "a leaf has no inputs");
    return type();
  }

  @Override
  default List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of();
  }
}
