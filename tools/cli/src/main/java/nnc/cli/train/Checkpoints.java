package nnc.cli.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import nnc.cli.output.WholeFiles;
import nnc.runtime.CompiledModel;

/**
 * Writes the checkpoints of a training: at the end of each epoch, when it stops, and now and then within an epoch; and keeps
 * that of the best epoch.
 */
final class Checkpoints {
  private final Path directory;
  private final CompiledModel model;
  private final CheckpointMetadata start;
  private final long nanosecondsBetween;
  private long written = System.nanoTime();

  /** @param every how long a step may go by without a checkpoint */
  Checkpoints(Path directory, CompiledModel model, CheckpointMetadata start, Duration every) {
    WholeFiles.requireWritable(directory);
    WholeFiles.removeLeftOvers(directory);
    this.directory = directory;
    this.model = model;
    this.start = start;
    this.nanosecondsBetween = every.toNanos();
  }

  /** After a step: writes one if the last is old. */
  void step(Supplier<Progress> progress) {
    if (System.nanoTime() - written >= nanosecondsBetween) {
      write(progress.get());
    }
  }

  /** At the end of an epoch. */
  void epoch(Progress progress) {
    if (progress.best().filter(best -> best.epoch() == progress.epochs()).isPresent()) {
      Checkpoint.write(best(), model, start.at(progress));
    }
    write(progress);
  }

  void write(Progress progress) {
    if (progress.best().isEmpty()) {
      WholeFiles.remove(best()); // that of an earlier training
    }
    Checkpoint.write(directory.resolve(Checkpoint.FILE), model, start.at(progress));
    written = System.nanoTime();
  }

  private Path best() {
    return directory.resolve(Checkpoint.BEST);
  }
}
