package nnc.benchmarks;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of what takes turns with its peers. */
final class Turns {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,2",
      description = "How many threads compute. Default: ${DEFAULT-VALUE}.")
  private int[] threads;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "How often they take turns. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the results go as JSON, one object a line.")
  private @Nullable Path json;

  /** Checks these options, and how long a turn and a warm-up are to be. */
  void check(double seconds, double warmUp) {
    require(rounds >= 1, "--rounds is at least 1");
    require(seconds > 0 && warmUp >= 0, "seconds are positive");
    for (int count : threads) {
      require(count >= 1, "--threads is at least 1");
    }
  }

  private void require(boolean right, String message) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  int[] threads() {
    return threads;
  }

  int rounds() {
    return rounds;
  }

  Optional<Path> json() {
    return Optional.ofNullable(json);
  }
}
