package nnc.cli.predict;

import java.io.InputStream;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.cli.data.Arrivals;
import nnc.cli.data.RowLayout;
import nnc.cli.output.UnknownSymbols;
import nnc.compiler.Compilation;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Planner;
import nnc.data.DataException;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Computes a model's outputs for rows from a stream, batch by batch of what has arrived. */
public final class Predictions {
  private final Session session;
  private final RowReader reader;
  private final OutputLines lines;
  private final List<float[]> batch;
  private final int[] inputs;
  private final int together;

  /** @param session of the model, its parameters read */
  private Predictions(
      Compilation compilation, Session session, UnknownSymbols unknown, String source) {
    TypedModel model = compilation.model();
    Signature signature = session.model().signature();
    this.session = session;
    this.lines = new OutputLines(model, session);
    List<Node> outputs =
        compilation.optimized().roots().entrySet().stream()
            .filter(root -> Planner.isInferred(root.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    this.together =
        model.batch().filter(rows -> MixedRows.in(outputs, rows)).isPresent()
            ? 1
            : signature.maximum();
    this.reader = new RowReader(model, session.model(), neededInputs(outputs), unknown, source);
    this.batch =
        reader.slots().stream()
            .map(slot -> new float[Math.multiplyExact(together, slot.count())])
            .toList();
    this.inputs =
        reader.slots().stream()
            .mapToInt(slot -> signature.inputs().indexOf(signature.input(slot.input().name())))
            .toArray();
  }

  /** The inputs that the outputs depend on, after all passes. */
  private static Set<String> neededInputs(List<Node> outputs) {
    Set<String> needed = new HashSet<>();
    Graph.needed(outputs)
        .forEach(node -> {
          if (node.op() instanceof Variable variable && variable.kind() == Variable.Kind.INPUT) {
            needed.add(variable.variable());
          }
        });
    return needed;
  }

  /**
   * Reads rows until the stream ends, and writes a line for each.
   *
   * @param session of the trained model
   * @param source what messages call the rows
   * @param format how they are written; empty to see it by how they begin
   * @param unknown hears of symbols that the model does not know
   * @throws DataException if a row is wrong; the lines of those before it have been written
   */
  public static void stream(
      Compilation compilation,
      Session session,
      InputStream rows,
      String source,
      Optional<RowFormat> format,
      UnknownSymbols unknown,
      PrintWriter out)
      throws InterruptedException {
    Predictions predictions = new Predictions(compilation, session, unknown, source);
    int most = session.model().signature().maximum();
    long values = predictions.reader.slots().stream().mapToLong(RowLayout.Slot::count).sum();
    Arrivals<Row> pipe = Arrivals.rows(predictions.reader.rows(rows, format), most, values);
    for (List<Row> taken = pipe.take(most);
        !taken.isEmpty() && !out.checkError();
        taken = pipe.take(most)) {
      predictions.compute(taken, out);
    }
  }

  /** All at once, or one by one where rows of a batch would change each other's outputs. */
  private void compute(List<Row> rows, PrintWriter out) {
    for (int from = 0; from < rows.size(); from += together) {
      List<Row> part = rows.subList(from, Math.min(rows.size(), from + together));
      for (int i = 0; i < inputs.length; i++) {
        int count = reader.slots().get(i).count();
        for (int row = 0; row < part.size(); row++) {
          System.arraycopy(part.get(row).inputs().get(i), 0, batch.get(i), row * count, count);
        }
        session.feed(inputs[i], batch.get(i), 0, part.size() * count);
      }
      session.run();
      lines.of(part).forEach(line -> out.print(line + "\n"));
    }
    out.flush();
  }
}
