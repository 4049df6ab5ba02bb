package nnc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import nnc.runtime.Provider;

/** What this is measured on. */
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The processor, how many, the vectors, the Java. */
  static String description() {
    return "%s, %d processors, %s, Java %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            Provider.best().note(),
            Runtime.version());
  }

  /** The part of a page that says when, and on what, its results were measured. */
  static <T> String measuredOn(
      List<T> results, Function<T, String> date, Function<T, String> machine) {
    return results.stream()
        .map(result -> "* " + date.apply(result) + ": " + machine.apply(result) + "\n")
        .distinct()
        .sorted()
        .collect(Collectors.joining("", "Measured on:\n\n", ""));
  }

  /** The processor's name where Linux tells it, else its architecture. */
  private static String processor() {
    try {
      return !Files.exists(PROCESSORS)
          ? System.getProperty("os.arch")
          : Files.readAllLines(PROCESSORS).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
