package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.runtime.CompiledModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same models where loops over numbers run instead of those over vectors, and where vectors are shorter. */
class OtherLoopsTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  @TempDir static Path classes;
  private static final Map<String, String> HERE = new LinkedHashMap<>();

  @BeforeAll
  static void compileAndRunHere() throws IOException {
    for (Map.Entry<String, byte[]> type : GeneratedModels.classes().bytes().entrySet()) {
      Path file = classes.resolve(type.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, type.getValue());
    }
    GeneratedModels.names()
        .forEach(name ->
            HERE.put(
                GeneratedModels.className(name),
                String.valueOf(ModelDigest.of(GeneratedModels.load(name), 1))));
  }

  @Test
  void loopsOverNumbersGiveTheSameBits() throws Exception {
    assertThat(elsewhere()).isEqualTo(HERE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:MaxVectorSize=16", "-XX:MaxVectorSize=32"})
  void shorterVectorsGiveTheSameBits(String flag) throws Exception {
    assertThat(elsewhere(MODULE, flag)).isEqualTo(HERE);
  }

  /** The digests in a JVM with these flags, whose class path is the runtime and the generated classes alone. */
  private static Map<String, String> elsewhere(String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseSerialGC"));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-cp",
            String.join(
                File.pathSeparator,
                place(CompiledModel.class),
                place(ModelDigest.class),
                classes.toString())));
    command.add(ModelDigest.class.getName());
    command.addAll(HERE.keySet());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    Map<String, String> digests = new LinkedHashMap<>();
    printed
        .lines()
        .filter(line -> line.startsWith("nn."))
        .forEach(line -> digests.put(line.split(" ")[0], line.split(" ")[1]));
    return digests;
  }

  private static String place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
