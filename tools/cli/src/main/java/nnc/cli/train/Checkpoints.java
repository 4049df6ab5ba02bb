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
  void step(Supplier<RunPosition> position) {
    if (System.nanoTime() - written >= nanosecondsBetween) {
      write(position.get());
    }
  }

  /** At the end of an epoch. */
  void epoch(RunPosition position) {
    if (position.best().filter(best -> best.epoch() == position.epochs()).isPresent()) {
      Checkpoint.write(best(), model, start.at(position));
    }
    write(position);
  }

  void write(RunPosition position) {
    if (position.best().isEmpty()) {
      WholeFiles.remove(best()); // that of an earlier training
    }
    Checkpoint.write(directory.resolve(Checkpoint.FILE), model, start.at(position));
    written = System.nanoTime();
  }

  private Path best() {
    return directory.resolve(Checkpoint.BEST);
  }
}
