package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of so many rows, each the sum of the values whose id names it: the transpose of {@link Gather}. Inputs are ids […]
 * and values [… , d…], once or several times; a row adds its values in the order of the inputs and of the places in them.
 */
public record ScatterAdd(Size rows) implements RowOp {
  @Override
  public String name() {
    return "scatter_add";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Op.require(
        !inputs.isEmpty() && inputs.size() % 2 == 0, "scatter_add: ids and values, not " + inputs);
    Shape row = row(inputs.get(0).shape(), inputs.get(1).shape());
    for (int i = 2; i < inputs.size(); i += 2) {
      Op.require(
          row(inputs.get(i).shape(), inputs.get(i + 1).shape()).equals(row),
          "scatter_add: rows of one shape, not " + inputs);
    }
    List<Size> sizes = new ArrayList<>(List.of(rows));
    sizes.addAll(row.sizes());
    return Type.f32(new Shape(sizes));
  }

  /** The shape of a value without the axes of its ids. */
  private static Shape row(Shape ids, Shape values) {
    Op.require(
        values.rank() >= ids.rank() && values.sizes().subList(0, ids.rank()).equals(ids.sizes()),
        "scatter_add: a value for each id of " + ids + ", not " + values);
    return new Shape(values.sizes().subList(ids.rank(), values.rank()));
  }

  /** Every value receives what its row receives. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    List<@Nullable Node> shares = new ArrayList<>();
    for (int i = 0; i < self.inputs().size(); i += 2) {
      shares.add(null);
      shares.add(upstream.builder().add(new Gather(), upstream, self.input(i)));
    }
    return shares;
  }

  @Override
  public String toString() {
    return name() + " to " + rows + " rows";
  }
}
