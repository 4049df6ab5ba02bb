package nnc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
