package nnc.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.ir.Optimizations;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;

/** A model, compiled, over four batches of random values in memory that are taken in turn. */
final class Workload implements AutoCloseable {
  private static final int BATCHES = 4;

  private final Team team;
  private final Session session;
  private final int rows;
  private final List<Signature.Value> inputs;
  private final float[][][] values;

  private Workload(CompiledModel model, Team team) {
    this.team = team;
    this.session = model.session(team);
    this.rows = model.signature().maximum();
    this.inputs = model.signature().inputs();
    this.values = new float[BATCHES][inputs.size()][];
    Random random = new Random(1);
    for (float[][] batch : values) {
      for (int input = 0; input < batch.length; input++) {
        batch[input] = random(inputs.get(input), random);
      }
    }
  }

  private float[] random(Signature.Value input, Random random) {
    float[] drawn = new float[input.elements(rows)];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] =
          input.classes() > 0 ? random.nextInt(input.classes()) : (float) random.nextGaussian();
    }
    return drawn;
  }

  static CompiledModel compile(Path file, Optimizations optimizations) {
    return Compiler.compile(
            Project.read(file, Optional.empty()), Compiler.Options.DEFAULT.with(optimizations))
        .load();
  }

  /** Parameters are initialised anew: a benchmark does not go on where another has stopped. */
  static Workload start(CompiledModel model, int threads) {
    return start(model, Team.of(threads));
  }

  /** The team is closed with the workload. */
  static Workload start(CompiledModel model, Team team) {
    model.initialise(1);
    model.optimizerState();
    model.resetOptimizer();
    return new Workload(model, team);
  }

  /** Forward, backward and update of one batch, which is copied into the session first. */
  float step(int number) {
    float[][] batch = values[number % BATCHES];
    for (int input = 0; input < batch.length; input++) {
      session.feed(input, batch[input], 0, batch[input].length);
    }
    session.step();
    return session.loss();
  }

  /** Computes the outputs of one row, which is copied into the session first. */
  void infer(int number) {
    for (int input = 0; input < inputs.size(); input++) {
      int elements = inputs.get(input).elements(1);
      session.feed(input, values[0][input], number % rows * elements, elements);
    }
    session.run();
  }

  Session session() {
    return session;
  }

  @Override
  public void close() {
    session.close();
    team.close();
  }
}
