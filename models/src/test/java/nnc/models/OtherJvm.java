package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nnc.runtime.Session;

/** A program in a JVM of its own. */
final class OtherJvm {
  static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private OtherJvm() {}

  /** Where the runtime's classes are: the jar in a whole build. */
  static Path runtime() {
    return Path.of(Session.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /**
   * Runs a program that has to end well; the lines it printed.
   *
   * @param words options of java, the main class and its arguments
   */
  static List<String> run(String classPath, String... words)
      throws IOException, InterruptedException {
    List<String> command = command(classPath, words);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("exit code of %s", command).isZero();
    return lines;
  }

  static List<String> command(String classPath, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath));
    command.addAll(List.of(words));
    return command;
  }
}
