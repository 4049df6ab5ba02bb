package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs a main class of the tests in a JVM of its own. */
final class OtherJvm {
  private OtherJvm() {}

  /** The lines it prints, once it has ended well. */
  static List<String> run(Class<?> main, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                Stream.of("--add-modules=jdk.incubator.vector"),
                Stream.of(options),
                Stream.of("-cp", System.getProperty("java.class.path"), main.getName()))
            .flatMap(words -> words)
            .toList();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("exit code of %s", command).isZero();
    return lines;
  }
}
