package nnc.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option {@code --threads}. */
final class ThreadCount {
  private static final int MOST = 1024;
  private static final int MOST_BY_DEFAULT = 16;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "How many threads compute. Default: one for each processor, at most "
              + MOST_BY_DEFAULT
              + ".")
  private @Nullable Integer threads;

  int count(CommandSpec spec) {
    if (threads == null) {
      return Math.min(MOST_BY_DEFAULT, Runtime.getRuntime().availableProcessors());
    }
    if (threads < 1 || threads > MOST) {
      throw new ParameterException(spec.commandLine(), "--threads is 1 to " + MOST);
    }
    return threads;
  }
}
