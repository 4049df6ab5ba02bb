package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nnc.runtime.CompiledModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A compiled model is plain Java that needs the runtime and nothing else. */
class CompiledModelTest {
  /** What the README shows. */
  private static final String PROGRAM =
      """
      import java.nio.file.Path;
      import java.util.Arrays;
      import nn.Digits;
      import nnc.runtime.Team;

      public class Recognise {
        public static void main(String[] arguments) {
          float[] pixels = new float[64];
          Arrays.fill(pixels, 8f);
          Digits model = arguments.length > 0 ? Digits.load(Path.of(arguments[0])) : Digits.trained();
          try (var s = model.session()) {
            s.image(pixels);
            s.run();
            System.out.println("digit " + s.guess()[0]);
          }
          try (Team team = Team.of(2); var s = model.session(team)) {
            for (int step = 1; step <= 20; step++) {
              s.image(pixels).digit(7);
              s.step();
            }
            s.evaluate();
            System.out.println("accuracy " + s.accuracy());
          }
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void itsSourcesCompileAndRunWithTheRuntimeAlone() throws Exception {
    Path out = directory.resolve("out");
    Commands.run("train", "digits.nn", "--epochs", "1", "--out", out.toString());
    Path sources = directory.resolve("sources");
    Commands.run("compile", "digits.nn", "-o", sources.toString());
    Files.writeString(sources.resolve("Recognise.java"), PROGRAM);
    Path classes = directory.resolve("classes");
    List<String> javac = new ArrayList<>(List.of(java("javac"), "--add-modules", "jdk.incubator.vector", "-nowarn", "-cp", runtime(), "-d", classes.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(file -> file.toString().endsWith(".java")).forEach(file -> javac.add(file.toString()));
    }
    execute(javac);
    String path = String.join(File.pathSeparator, runtime(), classes.toString());

    String withVectors = execute(List.of(java("java"), "--add-modules", "jdk.incubator.vector", "-cp", path, "Recognise", out.resolve("checkpoint.safetensors").toString()));
    String without = execute(List.of(java("java"), "-cp", path, "Recognise", out.resolve("checkpoint.safetensors").toString()));

    assertThat(withVectors).contains("digit ", "accuracy 1.0");
    assertThat(without.lines().filter(line -> !line.startsWith("WARNING")).toList()).isEqualTo(withVectors.lines().filter(line -> !line.startsWith("WARNING")).toList());
  }

  @Test
  void aJarCarriesItsParameters() throws Exception {
    Path out = directory.resolve("out");
    Commands.run("train", "digits.nn", "--epochs", "1", "--out", out.toString());
    Path jar = directory.resolve("digits.jar");
    Commands.run("compile", "digits.nn", "-o", directory.resolve("sources").toString(), "--jar", jar.toString(), "--parameters", out.toString());
    Path program = Files.writeString(directory.resolve("Recognise.java"), PROGRAM);
    String path = String.join(File.pathSeparator, runtime(), jar.toString());

    assertThat(execute(List.of(java("java"), "--add-modules", "jdk.incubator.vector", "-cp", path, program.toString()))).contains("digit ", "accuracy 1.0");
  }

  private static String runtime() {
    return Path.of(CompiledModel.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  private static String java(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  private static String execute(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
