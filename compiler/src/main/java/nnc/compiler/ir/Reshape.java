package nnc.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same elements in the same row-major order under another shape. */
public record Reshape(Shape target) implements ShapeOp {
  @Override
  public String name() {
    return "reshape";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    Op.require(
        input.shape().elements().equals(target.elements()),
        "reshape keeps the elements: " + input + " as " + target);
    return input.with(target);
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.reshape(self.input(0).shape()));
  }
}
