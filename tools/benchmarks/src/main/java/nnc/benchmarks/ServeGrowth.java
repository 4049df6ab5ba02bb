package nnc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.artifact.Classes;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.runtime.CompiledModel;
import nnc.runtime.Provider;

/**
 * One size of a model as a process that the protocol drives. Its first line tells of the compilation; the first step is the first
 * one that is asked for, since it begins what warms up.
 *
 * <p>Arguments: the .nn file, the number of threads, the dim, its size.
 */
public final class ServeGrowth {
  private ServeGrowth() {}

  public static void main(String[] arguments) throws IOException {
    InMemoryCompiler.warmUp();
    Provider.warmUp();
    int threads = Integer.parseInt(arguments[1]);
    Map<String, Integer> settings = Map.of(arguments[2], Integer.valueOf(arguments[3]));
    long before = System.nanoTime();
    Compilation compilation =
        Compiler.compile(
            Project.read(Path.of(arguments[0]), Optional.empty()),
            Compiler.Options.DEFAULT.with(settings));
    Classes classes = InMemoryCompiler.compile(compilation.java());
    CompiledModel model =
        classes.load(compilation.packageName() + "." + compilation.java().getFirst().name());
    double seconds = (System.nanoTime() - before) * 1e-9;
    try (Workload workload = Workload.start(model, threads)) {
      Serve.answer(
          Map.of(
              "peer",
              "nnc",
              "mode",
              "",
              "threads",
              threads,
              "compile_s",
              seconds,
              "class_bytes",
              classes.bytes().values().stream().mapToLong(bytes -> bytes.length).sum()));
      Serve.serve(Map.of("step", length -> Map.of("ms", Serve.sample(workload::step, 0, length))));
    }
  }
}
