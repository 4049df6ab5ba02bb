package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table that ids name: of a table [n, d…] and ids […] the rows [… , d…]. */
public record Gather() implements RowOp {
  @Override
  public String name() {
    return "gather";
  }

  @Override
  public Type infer(List<Type> inputs) {
    Op.require(inputs.size() == 2, "gather: a table and ids, not " + inputs);
    Shape table = inputs.get(0).shape();
    Op.require(table.rank() > 0, "gather: a table has rows, not " + table);
    List<Size> sizes = new ArrayList<>(inputs.get(1).shape().sizes());
    sizes.addAll(table.sizes().subList(1, table.rank()));
    return inputs.get(0).with(new Shape(sizes));
  }

  /** A look-up as the author has written it: {@code e = E[x + 1]}. */
  public static String written(Node lookup) {
    String text =
        lookup.place().map(span -> span.text().strip().replaceAll("\\s+", " ")).orElse("rows");
    return lookup.label().map(label -> label + " = " + text).orElse(text);
  }

  /** How many ids a row of the batch has, one after the other; 0 where none of the axes is the batch. */
  public static int idsPerRow(Node lookup) {
    Shape ids = lookup.input(1).shape();
    for (int axis = 0; axis < ids.rank(); axis++) {
      if (ids.size(axis).isDim()) {
        Shape rest = new Shape(ids.sizes().subList(axis + 1, ids.rank()));
        return rest.isConstant() ? rest.elements().constant() : 0;
      }
    }
    return 0;
  }

  /** A row receives the sum of what its copies receive; ids do not move with the values. */
  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    Size rows = self.input(0).shape().size(0);
    return Arrays.asList(
        upstream.builder().add(new ScatterAdd(rows), self.input(1), upstream), null);
  }

  @Override
  public String toString() {
    return name();
  }
}
