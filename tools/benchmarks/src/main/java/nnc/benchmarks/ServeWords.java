package nnc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import nnc.compiler.ir.Optimizations;
import nnc.runtime.CompiledModel;

/**
 * The workload W10 as a process: a "step" is a training once through the corpus, told in milliseconds for each {@link #WORDS}
 * words. It leaves its tables in a file.
 *
 * <p>Arguments: the .nn file, the number of threads, the corpus, the file for the tables.
 */
public final class ServeWords {
  /** Times are told for so many words. */
  static final int WORDS = 100_000;

  private ServeWords() {}

  public static void main(String[] arguments) throws IOException {
    long started = Serve.started();
    int threads = Integer.parseInt(arguments[1]);
    Corpus corpus = Corpus.read(Path.of(arguments[2]));
    Path tables = Path.of(arguments[3]);
    CompiledModel model = Workload.compile(Path.of(arguments[0]), Optimizations.ALL);
    try (WordVectors vectors = new WordVectors(corpus, model, threads)) {
      vectors.step(0);
      Serve.hello(model.signature(), threads, Serve.secondsSince(started));
      Serve.serve(
          Map.of(
              "step",
              seconds -> Map.of("ms", epochs(vectors, tables, seconds)),
              "kernels",
              seconds -> Map.of("kernels", Serve.kernels(vectors.session(), seconds))));
    }
  }

  /** As many trainings, each from the start, as it takes to fill these seconds, at least one. */
  private static double[] epochs(WordVectors vectors, Path tables, double seconds) {
    Samples samples = new Samples();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      samples.add(vectors.epoch(WORDS));
    } while (System.nanoTime() < end);
    vectors.write(tables);
    return samples.all();
  }
}
