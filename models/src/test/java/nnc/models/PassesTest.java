package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.pass.Pipeline;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The passes come to an end soon: none undoes what another one does. */
class PassesTest {
  private static final int ROUNDS = 10;

  static List<Path> models() throws IOException {
    try (Stream<Path> files =
        Stream.concat(Files.list(Path.of("")), Files.list(Path.of("golden")))) {
      return files.filter(file -> file.toString().endsWith(".nn")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void fewRoundsAreEnough(Path model) {
    var compilation =
        Compiler.compile(Project.read(model, Optional.empty()), Compiler.Options.DEFAULT);
    assertThat(Pipeline.run(compilation.gradient()).rounds()).isBetween(1, ROUNDS);
  }
}
