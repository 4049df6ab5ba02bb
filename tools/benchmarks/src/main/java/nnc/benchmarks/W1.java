package nnc.benchmarks;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;

/** Workload W1: models/w1.nn, compiled, over four batches in memory that are taken in turn. */
final class W1 implements AutoCloseable {
  private static final int BATCHES = 4;
  private static final int PIXELS = 784;
  private static final int CLASSES = 10;

  private final Team team;
  private final Session session;
  private final int rows;
  private final float[][] images = new float[BATCHES][];
  private final float[][] labels = new float[BATCHES][];

  private W1(CompiledModel model, Team team) {
    this.team = team;
    this.session = model.session(team);
    this.rows = model.signature().maximum();
    Random random = new Random(1);
    for (int batch = 0; batch < BATCHES; batch++) {
      images[batch] = new float[rows * PIXELS];
      labels[batch] = new float[rows];
      for (int i = 0; i < images[batch].length; i++) {
        images[batch][i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < rows; i++) {
        labels[batch][i] = random.nextInt(CLASSES);
      }
    }
  }

  static CompiledModel compile(Path file) {
    return Compiler.compile(Project.read(file, Optional.empty()), Compiler.Options.DEFAULT).load();
  }

  /** Parameters are initialised anew: a benchmark does not go on where another has stopped. */
  static W1 start(CompiledModel model, int threads) {
    model.initialise(1);
    model.optimizerState();
    model.resetOptimizer();
    return new W1(model, Team.of(threads));
  }

  /** Forward, backward and update of one batch, which is copied into the session first. */
  float step(int number) {
    int batch = number % BATCHES;
    session.feed(0, images[batch], 0, rows * PIXELS);
    session.feed(1, labels[batch], 0, rows);
    session.step();
    return session.loss();
  }

  /** Computes the output of one row, which is copied into the session first. */
  void infer(int number) {
    session.feed(0, images[0], number % rows * PIXELS, PIXELS);
    session.run();
  }

  int[] kernels() {
    return session.stepKernels();
  }

  Signature.Kernel kernel(int number) {
    return session.model().signature().kernels().get(number);
  }

  void runKernel(int number) {
    session.runKernel(number);
  }

  @Override
  public void close() {
    session.close();
    team.close();
  }
}
