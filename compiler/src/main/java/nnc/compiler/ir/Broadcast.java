package nnc.compiler.ir;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A tensor repeated along new axes: axis i of the input is axis {@code places[i]} of the target. */
public record Broadcast(Shape target, List<Integer> places) implements ShapeOp {
  public Broadcast {
    places = List.copyOf(places);
  }

  @Override
  public String name() {
    return "broadcast";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Type input = inputs.getFirst();
    Op.require(
        places.size() == input.shape().rank(),
        "broadcast: a place for each axis of " + input + ": " + places);
    for (int axis = 0; axis < places.size(); axis++) {
      Op.require(
          axis == 0 || places.get(axis - 1) < places.get(axis),
          "broadcast keeps the order of axes: " + places);
      Op.require(
          target.size(places.get(axis)).equals(input.shape().size(axis)),
          "broadcast keeps sizes: " + input + " at " + places + " of " + target);
    }
    return input.with(target);
  }

  /** The target's axes that the input does not have. */
  public List<Integer> newAxes() {
    return IntStream.range(0, target.rank())
        .boxed()
        .filter(axis -> !places.contains(axis))
        .toList();
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream.sum(newAxes()));
  }

  @Override
  public String toString() {
    return "broadcast " + places + " of " + target;
  }
}
