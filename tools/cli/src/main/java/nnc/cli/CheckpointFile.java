package nnc.cli;

import java.nio.file.Path;
import nnc.cli.train.Checkpoint;
import nnc.compiler.Compilation;
import nnc.runtime.CompiledModel;
import picocli.CommandLine.Parameters;

/** What commands that begin with a checkpoint have in common. */
final class CheckpointFile {
  @Parameters(
      index = "0",
      paramLabel = "CHECKPOINT",
      description = "A checkpoint, or the directory that --out of train named.")
  private Path path;

  /** A trained model and what it was compiled from. */
  record Trained(Checkpoint checkpoint, Compilation compilation, CompiledModel model) {}

  Checkpoint read() {
    return Checkpoint.read(path);
  }

  Trained load() {
    Checkpoint checkpoint = read();
    Compilation compilation = checkpoint.compile();
    CompiledModel model = compilation.load();
    model.requireKnown(checkpoint.tensors());
    model.read(checkpoint.tensors());
    return new Trained(checkpoint, compilation, model);
  }
}
