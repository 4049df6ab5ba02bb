package nnc.cli.predict;

import java.io.InputStream;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.cli.data.Arrivals;
import nnc.cli.data.RowLayout;
import nnc.compiler.Compilation;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.CsvRows;
import nnc.data.DataException;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Computes a model's outputs for rows from a stream, batch by batch of what has arrived. */
public final class Predictions {
  private static final String SOURCE = "standard input";

  private final TypedModel model;
  private final Session session;
  private final Signature signature;
  private final RowLayout layout;
  private final OutputLines lines;
  private final List<float[]> batch;
  private final int together;

  /** @param session of the model, its parameters read */
  private Predictions(Compilation compilation, Session session) {
    this.model = compilation.model();
    this.session = session;
    this.signature = session.model().signature();
    this.lines = new OutputLines(model, session);
    List<Node> outputs =
        compilation.optimized().roots().entrySet().stream()
            .filter(root -> Planner.isInferred(root.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    Set<String> needed = neededInputs(outputs);
    this.together =
        model.batch().filter(rows -> MixedRows.in(outputs, rows)).isPresent()
            ? 1
            : signature.maximum();
    this.layout =
        RowLayout.csv(model, model.train().data(), input -> needed.contains(input.name()));
    this.batch =
        layout.slots().stream()
            .map(slot -> new float[Math.multiplyExact(signature.maximum(), slot.count())])
            .toList();
    if (layout.columns().isEmpty()) {
      throw new CompileException(
          Diagnostic.at(
              model.span(),
              "output",
              "the outputs of '"
                  + model.name()
                  + "' depend on no input: there is nothing to read"));
    }
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
   * @throws DataException if a row is wrong; the lines of those before it have been written
   */
  public static void stream(
      Compilation compilation, CompiledModel trained, InputStream rows, PrintWriter out)
      throws InterruptedException {
    try (Session session = trained.session()) {
      Predictions predictions = new Predictions(compilation, session);
      Arrivals<Row> pipe = new Arrivals<>(numbered(predictions.layout.rows(rows, SOURCE)));
      int most = predictions.signature.maximum();
      for (List<Row> taken = pipe.take(most);
          !taken.isEmpty() && !out.checkError();
          taken = pipe.take(most)) {
        predictions.predict(taken, out);
      }
    }
  }

  /** A row and the line on which it starts. */
  private record Row(float[] values, long line) {}

  private static Iterator<Row> numbered(CsvRows rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        return new Row(rows.next(), rows.line());
      }
    };
  }

  private void predict(List<Row> rows, PrintWriter out) {
    int good = 0;
    Optional<String> problem = Optional.empty();
    while (good < rows.size() && problem.isEmpty()) {
      problem = take(rows.get(good), good);
      good += problem.isEmpty() ? 1 : 0;
    }
    if (good > 0) {
      compute(good, out);
    }
    if (problem.isPresent()) {
      throw new DataException(
          SOURCE,
          rows.get(good).line(),
          problem.get(),
          "give the columns that the model was trained on");
    }
  }

  private Optional<String> take(Row row, int place) {
    for (int i = 0; i < batch.size(); i++) {
      RowLayout.Slot slot = layout.slots().get(i);
      Optional<String> problem = slot.prepare(row.values(), 0, batch.get(i), place * slot.count());
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  /** All at once, or one by one where rows of a batch would change each other's outputs. */
  private void compute(int rows, PrintWriter out) {
    for (int from = 0; from < rows; from += together) {
      compute(from, Math.min(together, rows - from), out);
    }
    out.flush();
  }

  private void compute(int from, int rows, PrintWriter out) {
    for (int i = 0; i < batch.size(); i++) {
      RowLayout.Slot slot = layout.slots().get(i);
      session.feed(
          signature.inputs().indexOf(signature.input(slot.input().name())),
          batch.get(i),
          from * slot.count(),
          rows * slot.count());
    }
    session.run();
    lines.lines().forEach(line -> out.print(line + "\n"));
  }
}
