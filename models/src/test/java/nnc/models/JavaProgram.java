package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A program that uses a compiled model.
 *
 * @param type its class, with the package
 */
record JavaProgram(String type, String text) {

  /** Compiles it into a directory, with what else is in the folders of sources, as javac on the command line does. */
  static Path compile(Path directory, JavaProgram program, String classPath, Path... sources)
      throws IOException {
    Path own = directory.resolve(program.type().replace('.', '/') + ".java");
    Files.createDirectories(own.getParent());
    Files.writeString(own, program.text());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                OtherJvm.VECTORS, "-d", directory.toString(), "-cp", classPath, own.toString()));
    for (Path folder : sources) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
      }
    }
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, errors, errors, arguments.toArray(String[]::new));
    assertThat(code).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    return directory;
  }
}
